-- The statistical codes an authority has had, with their dates.
CREATE TABLE IF NOT EXISTS authority_code (
    code CHAR(9) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    valid_from DATE NULL,
    valid_to DATE NULL,
    note VARCHAR(300) NOT NULL,
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
