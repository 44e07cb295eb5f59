-- Who did what. Accounts may only insert.
CREATE TABLE IF NOT EXISTS audit_entry (
    id BINARY(16) NOT NULL PRIMARY KEY,
    happened_at DATETIME(3) NOT NULL,
    actor VARCHAR(200) NOT NULL,
    came_from VARCHAR(100) NOT NULL,
    authority_id SMALLINT UNSIGNED NULL,
    action VARCHAR(60) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    detail TEXT NOT NULL,
    KEY audit_entry_authority (authority_id, happened_at)
)
