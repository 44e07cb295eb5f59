-- A browser that is signed in. Only a hash of its token is kept: reading the table gives nobody a session.
CREATE TABLE IF NOT EXISTS sign_in_session (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    started_at DATETIME(3) NOT NULL,
    last_seen_at DATETIME(3) NOT NULL,
    FOREIGN KEY (person_id) REFERENCES person (id)
)
