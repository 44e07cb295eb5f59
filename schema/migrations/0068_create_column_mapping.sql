-- What the columns of a case system's export mean, as an authority once said. `header`: a hash of the file's header.
CREATE TABLE IF NOT EXISTS column_mapping (
    authority_id SMALLINT UNSIGNED NOT NULL,
    header CHAR(64) CHARACTER SET ascii NOT NULL,
    content MEDIUMTEXT NOT NULL COMMENT 'JSON: kind, columns, constant values, words',
    said_by VARCHAR(200) NOT NULL,
    said_at DATETIME(3) NOT NULL,
    PRIMARY KEY (authority_id, header),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
