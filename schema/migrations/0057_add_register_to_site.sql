SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE site
    ADD COLUMN IF NOT EXISTS reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL AFTER service_id,
    ADD COLUMN IF NOT EXISTS area VARCHAR(200) NULL,
    ADD COLUMN IF NOT EXISTS archived_on DATE NULL,
    ADD UNIQUE KEY IF NOT EXISTS site_reference (authority_id, reference)
