-- What a return costs who fills it in: each step with what it took. A product that is to save time measures it.
CREATE TABLE IF NOT EXISTS return_effort (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    happened_at DATETIME(3) NOT NULL,
    interactions SMALLINT UNSIGNED NOT NULL,
    seconds SMALLINT UNSIGNED NOT NULL COMMENT 'since the page was opened',
    KEY return_effort_quarter (authority_id, quarter),
    KEY return_effort_all (quarter),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
