SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE episode ADD COLUMN IF NOT EXISTS child_id BINARY(16) NULL AFTER reference, ADD KEY IF NOT EXISTS episode_child (child_id)
