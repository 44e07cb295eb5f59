-- A total, never an item: the texts and items of instruments belong to their owners.
CREATE TABLE IF NOT EXISTS outcome_score (
    episode_id BINARY(16) NOT NULL,
    instrument VARCHAR(60) CHARACTER SET ascii NOT NULL,
    respondent VARCHAR(40) CHARACTER SET ascii NOT NULL,
    time_point ENUM('before', 'mid', 'after', 'follow-up') NOT NULL,
    scored_on DATE NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    value DOUBLE NOT NULL,
    PRIMARY KEY (episode_id, instrument, respondent, time_point, scored_on),
    FOREIGN KEY (episode_id) REFERENCES episode (id)
) WITH SYSTEM VERSIONING
