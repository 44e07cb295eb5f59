-- What a register says of a service besides what figures need. `kept_as`: whether its authority keeps single records
-- of it, or enters the counts of each quarter alone.
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR
ALTER TABLE service
    ADD COLUMN IF NOT EXISTS eligibility VARCHAR(1000) NULL,
    ADD COLUMN IF NOT EXISTS referral_route VARCHAR(600) NULL,
    ADD COLUMN IF NOT EXISTS cost_per_year INT UNSIGNED NULL,
    ADD COLUMN IF NOT EXISTS is_structured VARCHAR(20) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS kept_as VARCHAR(20) CHARACTER SET ascii NULL,
    ADD COLUMN IF NOT EXISTS archived_on DATE NULL
