-- A form that somebody has not finished: they saved it to come back, or their session ended while they typed. Theirs alone.
CREATE TABLE IF NOT EXISTS kept_form (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    path VARCHAR(300) NOT NULL,
    title VARCHAR(200) NOT NULL,
    fields MEDIUMTEXT NOT NULL COMMENT 'JSON',
    kept_at DATETIME(3) NOT NULL,
    KEY kept_form_person (person_id, kept_at),
    FOREIGN KEY (person_id) REFERENCES person (id)
)
