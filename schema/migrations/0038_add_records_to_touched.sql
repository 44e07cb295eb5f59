-- Whether a service was touched because its records changed, or only what is computed from them.
ALTER TABLE touched ADD COLUMN IF NOT EXISTS has_new_records BOOLEAN NOT NULL DEFAULT TRUE
