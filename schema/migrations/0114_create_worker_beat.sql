-- Which workers live: one that died says nothing more.
CREATE TABLE IF NOT EXISTS worker_beat (
    id BINARY(16) NOT NULL PRIMARY KEY,
    began_at DATETIME(3) NOT NULL,
    seen_at DATETIME(3) NOT NULL COMMENT 'by the database''s clock'
)
