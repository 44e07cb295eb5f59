-- The number that an aim has in an edition; shown only with that edition.
CREATE TABLE IF NOT EXISTS framework_number (
    edition_id VARCHAR(40) CHARACTER SET ascii NOT NULL,
    aim_id VARCHAR(40) CHARACTER SET ascii NOT NULL,
    number TINYINT UNSIGNED NOT NULL,
    PRIMARY KEY (edition_id, aim_id),
    FOREIGN KEY (edition_id) REFERENCES framework_edition (id),
    FOREIGN KEY (aim_id) REFERENCES framework_aim (id)
)
