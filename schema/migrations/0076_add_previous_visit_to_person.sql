-- When they were here before this visit: what changed since then is news to them.
ALTER TABLE person ADD COLUMN IF NOT EXISTS previous_visit_at DATETIME(3) NULL
