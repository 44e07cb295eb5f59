-- How an action goes on.
CREATE TABLE IF NOT EXISTS action_note (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    action_reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    noted_at DATETIME(3) NOT NULL,
    noted_by VARCHAR(200) NOT NULL,
    words VARCHAR(1000) NOT NULL,
    KEY action_note_action (authority_id, action_reference, noted_at),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
