-- Eligible: a step between referral and offer. A group: episodes that attend the same sessions together.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE episode
    ADD COLUMN IF NOT EXISTS eligible_on DATE NULL,
    ADD COLUMN IF NOT EXISTS group_name VARCHAR(60) NULL
