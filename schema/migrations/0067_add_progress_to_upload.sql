-- How far a worker has come with it, and whether its sender no longer wants it. An upload can also wait for its sender
-- to say what its columns mean.
ALTER TABLE upload
    ADD COLUMN IF NOT EXISTS rows_done BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS rows_expected BIGINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS is_cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    MODIFY COLUMN state ENUM('sent', 'checking', 'checked', 'refused', 'confirmed', 'storing', 'stored', 'withdrawn', 'failed',
                             'unmapped') NOT NULL
