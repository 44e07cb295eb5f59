-- What an inspection team asks an authority for, and what it answers.
CREATE TABLE IF NOT EXISTS evidence_request (
    id BINARY(16) NOT NULL PRIMARY KEY,
    inspection_id BINARY(16) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    number SMALLINT UNSIGNED NOT NULL,
    about VARCHAR(140) NOT NULL,
    words VARCHAR(2000) NOT NULL,
    due_on DATE NULL,
    asked_at DATETIME(3) NOT NULL,
    asked_by VARCHAR(200) NOT NULL,
    answer VARCHAR(4000) NULL,
    answered_at DATETIME(3) NULL,
    answered_by VARCHAR(200) NULL,
    closed_at DATETIME(3) NULL,
    UNIQUE KEY evidence_request_number (inspection_id, number),
    KEY evidence_request_authority (authority_id, answered_at),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id)
)
