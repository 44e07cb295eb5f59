-- Of a mean: the sum of what was counted, so that England's mean is that of all records.
ALTER TABLE signed_count ADD COLUMN IF NOT EXISTS value_sum DOUBLE NOT NULL DEFAULT 0 COMMENT 'of a mean'
