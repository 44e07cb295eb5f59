-- What England publishes of a quarter. Asked for by an analyst, made by a worker from what was signed, approved by a
-- second person, published. Its files are never changed; one that is withdrawn stays, with its reason.
CREATE TABLE IF NOT EXISTS national_release (
    id BINARY(16) NOT NULL PRIMARY KEY,
    quarter SMALLINT UNSIGNED NOT NULL,
    tables VARCHAR(1000) CHARACTER SET ascii NOT NULL COMMENT 'JSON: names of tables',
    guides VARCHAR(4000) NOT NULL COMMENT 'JSON: ids of guides',
    rules TEXT NOT NULL COMMENT 'JSON: the rule pack, whole',
    note VARCHAR(2000) NOT NULL COMMENT 'of the analyst, for who approves it',
    asked_at DATETIME(3) NOT NULL,
    asked_by VARCHAR(200) NOT NULL,
    state ENUM('asked', 'failed', 'made', 'approved', 'refused', 'published', 'withdrawn') NOT NULL DEFAULT 'asked',
    made_at DATETIME(3) NULL,
    version SMALLINT UNSIGNED NULL COMMENT 'of the quarter: one more than were published before',
    fingerprint CHAR(64) CHARACTER SET ascii NULL COMMENT 'SHA-256 over the digests of all files',
    report MEDIUMTEXT NULL COMMENT 'JSON: coverage, quality, disclosure',
    hidden MEDIUMTEXT NULL COMMENT 'JSON: which cells are hidden and why, for the next release',
    decided_at DATETIME(3) NULL,
    decided_by VARCHAR(200) NULL,
    decision VARCHAR(2000) NOT NULL DEFAULT '',
    published_at DATETIME(3) NULL,
    published_by VARCHAR(200) NULL,
    withdrawn_at DATETIME(3) NULL,
    withdrawn_by VARCHAR(200) NULL,
    withdrawal VARCHAR(2000) NOT NULL DEFAULT '' COMMENT 'the notice',
    KEY national_release_quarter (quarter, state),
    KEY national_release_state (state, asked_at)
)
