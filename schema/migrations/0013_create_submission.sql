-- What was sent once and must not be done twice, with the answer that was given.
CREATE TABLE IF NOT EXISTS submission (
    id BINARY(16) NOT NULL PRIMARY KEY,
    actor VARCHAR(200) NOT NULL,
    submitted_at DATETIME(3) NOT NULL,
    answer VARCHAR(300) NOT NULL
)
