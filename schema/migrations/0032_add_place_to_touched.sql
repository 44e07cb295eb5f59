-- Who waits longest is computed first.
ALTER TABLE touched
    ADD COLUMN IF NOT EXISTS place BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    ADD UNIQUE KEY IF NOT EXISTS touched_place (place)
