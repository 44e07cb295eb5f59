SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE feedback
    ADD COLUMN IF NOT EXISTS reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL AFTER service_id,
    MODIFY COLUMN words VARCHAR(2000) NULL,
    ADD UNIQUE KEY IF NOT EXISTS feedback_reference (authority_id, reference)
