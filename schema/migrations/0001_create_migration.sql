-- Which migrations ran here. This file and the next are run before they can be recorded.
CREATE TABLE IF NOT EXISTS migration (
    number SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii NOT NULL,
    applied_at DATETIME(3) NOT NULL
)
