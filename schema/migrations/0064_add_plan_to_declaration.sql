-- By when it is planned, and what else there is to say. A reason and evidence are asked for where they are needed.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE declaration
    ADD COLUMN IF NOT EXISTS planned_by DATE NULL,
    ADD COLUMN IF NOT EXISTS notes VARCHAR(2000) NULL,
    MODIFY COLUMN reason VARCHAR(600) NULL,
    MODIFY COLUMN evidence VARCHAR(600) NULL
