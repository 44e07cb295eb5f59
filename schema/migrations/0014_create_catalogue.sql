-- Each catalogue that was loaded, whole; the newest is in force.
CREATE TABLE IF NOT EXISTS catalogue (
    id BINARY(16) NOT NULL PRIMARY KEY,
    loaded_at DATETIME(3) NOT NULL,
    loaded_by VARCHAR(200) NOT NULL,
    fingerprint CHAR(64) CHARACTER SET ascii NOT NULL,
    content LONGTEXT NOT NULL
)
