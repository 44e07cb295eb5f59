-- Who rated, so that a second rater can be told from a first.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE review ADD COLUMN IF NOT EXISTS rated_by VARCHAR(60) NULL
