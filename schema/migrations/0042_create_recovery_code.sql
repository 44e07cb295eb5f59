-- Each works once in place of a one-time code. Only hashes are kept.
CREATE TABLE IF NOT EXISTS recovery_code (
    person_id BINARY(16) NOT NULL,
    code_hash BINARY(32) NOT NULL,
    PRIMARY KEY (person_id, code_hash),
    FOREIGN KEY (person_id) REFERENCES person (id)
)
