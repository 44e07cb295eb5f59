-- How often who holds a session failed to prove who they are: a stolen one is not tried out.
ALTER TABLE browser_session ADD COLUMN IF NOT EXISTS wrong_proofs TINYINT UNSIGNED NOT NULL DEFAULT 0
