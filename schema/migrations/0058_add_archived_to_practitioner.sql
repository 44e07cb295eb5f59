SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE practitioner ADD COLUMN IF NOT EXISTS archived_on DATE NULL
