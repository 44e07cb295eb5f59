-- The id is the Department for Education's three-digit code, which outlives changes of the statistical code.
CREATE TABLE IF NOT EXISTS authority (
    id SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    region_code CHAR(9) CHARACTER SET ascii NOT NULL,
    type VARCHAR(40) NOT NULL,
    children INT UNSIGNED NULL COMMENT 'aged 0 to 17, mid-2024',
    valid_from DATE NULL,
    valid_to DATE NULL,
    FOREIGN KEY (region_code) REFERENCES region (code)
)
