-- Who did what, or read whose records. Each entry's seal covers the entry and the seal before it, under a key that stands
-- apart from the data: an entry that was altered, removed or moved breaks its chain. One chain an authority; 0 is for what
-- belongs to none. Accounts may only insert.
CREATE TABLE IF NOT EXISTS audit_entry (
    chain SMALLINT UNSIGNED NOT NULL,
    position BIGINT UNSIGNED NOT NULL,
    happened_at DATETIME(3) NOT NULL,
    actor VARCHAR(200) NOT NULL,
    came_from VARCHAR(100) NOT NULL,
    action VARCHAR(60) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    detail TEXT NOT NULL,
    seal BINARY(32) NOT NULL,
    PRIMARY KEY (chain, position),
    KEY audit_entry_time (chain, happened_at)
)
