-- When a chain was last written to, by the program's clock and by the database's: nothing is written before that.
ALTER TABLE audit_chain
    ADD COLUMN IF NOT EXISTS last_entry_at DATETIME(3) NOT NULL DEFAULT '2000-01-01',
    ADD COLUMN IF NOT EXISTS written_at DATETIME(6) NOT NULL DEFAULT '2000-01-01' COMMENT 'by the database''s clock, as history is'
