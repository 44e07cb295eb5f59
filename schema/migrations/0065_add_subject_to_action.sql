-- What an action was raised from, and what its closing rests on.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE action
    ADD COLUMN IF NOT EXISTS reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL AFTER authority_id,
    ADD COLUMN IF NOT EXISTS about_kind VARCHAR(40) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS about VARCHAR(200) NULL,
    ADD COLUMN IF NOT EXISTS raised_on DATE NULL,
    ADD COLUMN IF NOT EXISTS closing_evidence VARCHAR(600) NULL,
    ADD UNIQUE KEY IF NOT EXISTS action_reference (authority_id, reference)
