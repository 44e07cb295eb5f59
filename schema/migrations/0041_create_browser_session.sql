-- A browser that is signed in at one door. Only a hash of its token is kept: reading the table gives nobody a session.
CREATE TABLE IF NOT EXISTS browser_session (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    door ENUM('authority', 'inspection', 'national') NOT NULL,
    is_complete BOOLEAN NOT NULL COMMENT 'false between the password and the one-time code',
    started_at DATETIME(3) NOT NULL,
    last_seen_at DATETIME(3) NOT NULL,
    confirmed_at DATETIME(3) NOT NULL COMMENT 'when the person last proved who they are',
    came_from VARCHAR(60) NOT NULL,
    browser VARCHAR(200) NOT NULL,
    provider VARCHAR(60) CHARACTER SET ascii NULL,
    provider_session VARCHAR(255) COLLATE utf8mb4_bin NULL COMMENT 'what the provider calls it when it ends it',
    UNIQUE KEY browser_session_id (id),
    FOREIGN KEY (person_id) REFERENCES person (id)
)
