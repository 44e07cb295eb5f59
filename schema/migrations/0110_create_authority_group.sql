-- Authorities that an analyst looks at together; every analyst sees them.
CREATE TABLE IF NOT EXISTS authority_group (
    id BINARY(16) NOT NULL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    members TEXT NOT NULL COMMENT 'JSON: names of authorities',
    made_at DATETIME(3) NOT NULL,
    made_by VARCHAR(200) NOT NULL
)
