-- Which authorities are most like which, by the edition of a published model. Not symmetric.
CREATE TABLE IF NOT EXISTS statistical_neighbour (
    edition VARCHAR(60) CHARACTER SET ascii NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    place TINYINT UNSIGNED NOT NULL,
    neighbour_id SMALLINT UNSIGNED NOT NULL,
    closeness VARCHAR(40) NOT NULL,
    loaded_at DATETIME(3) NOT NULL,
    PRIMARY KEY (edition, authority_id, place)
)
