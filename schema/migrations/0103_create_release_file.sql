-- The files of a release, as they are downloaded: whole, with their digests.
CREATE TABLE IF NOT EXISTS release_file (
    release_id BINARY(16) NOT NULL,
    name VARCHAR(150) CHARACTER SET ascii NOT NULL,
    place SMALLINT UNSIGNED NOT NULL,
    type VARCHAR(60) CHARACTER SET ascii NOT NULL,
    digest CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'SHA-256',
    size INT UNSIGNED NOT NULL COMMENT 'bytes',
    content LONGTEXT NOT NULL,
    PRIMARY KEY (release_id, name),
    FOREIGN KEY (release_id) REFERENCES national_release (id)
)
