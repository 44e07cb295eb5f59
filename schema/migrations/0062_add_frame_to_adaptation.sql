-- The rest of what FRAME (2019) asks of a change.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE adaptation
    ADD COLUMN IF NOT EXISTS reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL AFTER service_id,
    ADD COLUMN IF NOT EXISTS until_on DATE NULL,
    ADD COLUMN IF NOT EXISTS phase VARCHAR(40) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS description VARCHAR(600) NULL,
    ADD COLUMN IF NOT EXISTS nature VARCHAR(60) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS level VARCHAR(40) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS goal VARCHAR(40) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS is_approved VARCHAR(20) CHARACTER SET ascii NULL COMMENT 'by the programme''s developer',
    ADD UNIQUE KEY IF NOT EXISTS adaptation_reference (authority_id, reference)
