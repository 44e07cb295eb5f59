-- A report on one authority's delivery over a run of quarters, as it was known at one instant. Asked for at a door, made
-- by a worker, never changed: the same question of a whole past day finds the same row.
CREATE TABLE IF NOT EXISTS adherence_report (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    first_quarter SMALLINT UNSIGNED NOT NULL,
    last_quarter SMALLINT UNSIGNED NOT NULL,
    known_on DATE NOT NULL,
    known_at DATETIME(3) NOT NULL,
    is_whole_day BOOLEAN NOT NULL COMMENT 'over when it was asked for, so that the same question gives the same answer',
    asked_at DATETIME(3) NOT NULL,
    asked_by VARCHAR(200) NOT NULL,
    state ENUM('asked', 'made', 'failed') NOT NULL DEFAULT 'asked',
    made_at DATETIME(3) NULL,
    fingerprint CHAR(64) CHARACTER SET ascii NULL COMMENT 'SHA-256 of content',
    content MEDIUMTEXT NULL COMMENT 'JSON: counts and sentences, no record of a child',
    KEY adherence_report_question (authority_id, first_quarter, last_quarter, known_on),
    KEY adherence_report_state (state, asked_at),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
