-- Family group decision making, step by step: what the letter before proceedings offered, and what became of it.
CREATE TABLE IF NOT EXISTS family_meeting (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    episode_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    letter_on DATE NULL COMMENT 'of the letter before proceedings',
    is_offered VARCHAR(20) CHARACTER SET ascii NOT NULL,
    offered_on DATE NULL,
    not_offered_reason VARCHAR(600) NULL,
    response VARCHAR(20) CHARACTER SET ascii NULL,
    accepted_on DATE NULL,
    accepted_by VARCHAR(40) CHARACTER SET ascii NULL,
    model VARCHAR(40) CHARACTER SET ascii NULL,
    held_on DATE NULL,
    has_plan VARCHAR(20) CHARACTER SET ascii NULL,
    reviewed_on DATE NULL,
    application_on DATE NULL COMMENT 'to the court',
    UNIQUE KEY family_meeting_reference (authority_id, reference),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (episode_id) REFERENCES episode (id)
) WITH SYSTEM VERSIONING
