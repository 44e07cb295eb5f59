-- Also from its history.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE episode DROP COLUMN IF EXISTS child_pseudonym
