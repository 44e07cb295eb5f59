-- The tables of a release for pages and the interface for machines: what its files say, ready to be looked up.
CREATE TABLE IF NOT EXISTS release_table (
    release_id BINARY(16) NOT NULL,
    name VARCHAR(60) CHARACTER SET ascii NOT NULL,
    place SMALLINT UNSIGNED NOT NULL,
    content LONGTEXT NOT NULL COMMENT 'JSON',
    PRIMARY KEY (release_id, name),
    FOREIGN KEY (release_id) REFERENCES national_release (id)
)
