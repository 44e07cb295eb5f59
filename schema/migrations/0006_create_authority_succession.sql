-- Splits, mergers and changes of kind: who took over from whom.
CREATE TABLE IF NOT EXISTS authority_succession (
    predecessor_id SMALLINT UNSIGNED NOT NULL,
    successor_id SMALLINT UNSIGNED NOT NULL,
    succeeded_on DATE NOT NULL,
    note VARCHAR(300) NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id),
    FOREIGN KEY (predecessor_id) REFERENCES authority (id),
    FOREIGN KEY (successor_id) REFERENCES authority (id)
)
