-- Files that someone sent for checking and storing. The files themselves stand in the data folder until stored.
CREATE TABLE IF NOT EXISTS upload (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    sent_by VARCHAR(200) NOT NULL,
    sent_at DATETIME(3) NOT NULL,
    state ENUM('sent', 'checking', 'checked', 'refused', 'confirmed', 'storing', 'stored', 'withdrawn', 'failed') NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    files VARCHAR(2000) NOT NULL,
    report MEDIUMTEXT NOT NULL,
    KEY upload_state (state, changed_at),
    KEY upload_authority (authority_id, sent_at),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
