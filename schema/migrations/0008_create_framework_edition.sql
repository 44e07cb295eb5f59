CREATE TABLE IF NOT EXISTS framework_edition (
    id VARCHAR(40) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    in_use_from DATE NOT NULL,
    source VARCHAR(300) NOT NULL,
    is_confirmed BOOLEAN NOT NULL
)
