-- People of the inspectorate, of national teams and operators act for no authority. Who signs in with a provider has no
-- password here. The secret of one-time codes is sealed with a key that stands apart from the data.
ALTER TABLE person
    MODIFY COLUMN authority_id SMALLINT UNSIGNED NULL,
    MODIFY COLUMN password_hash VARCHAR(200) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS code_secret VARBINARY(120) NULL,
    ADD COLUMN IF NOT EXISTS code_counter BIGINT NOT NULL DEFAULT 0 COMMENT 'of the newest code that was used, because none works twice',
    ADD COLUMN IF NOT EXISTS provider VARCHAR(60) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS subject VARCHAR(255) COLLATE utf8mb4_bin NULL,
    ADD COLUMN IF NOT EXISTS last_seen_at DATETIME(3) NULL,
    ADD COLUMN IF NOT EXISTS reviewed_at DATETIME(3) NULL COMMENT 'when an administrator last confirmed that the access is needed',
    ADD COLUMN IF NOT EXISTS reviewed_by VARCHAR(200) NULL,
    ADD COLUMN IF NOT EXISTS left_at DATETIME(3) NULL,
    ADD UNIQUE KEY IF NOT EXISTS person_subject (provider, subject)
