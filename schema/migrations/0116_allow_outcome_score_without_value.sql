-- Of a child who was erased the history keeps that there was a score, not which.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE outcome_score MODIFY COLUMN value DOUBLE NULL
