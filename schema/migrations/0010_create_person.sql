CREATE TABLE IF NOT EXISTS person (
    id BINARY(16) NOT NULL PRIMARY KEY,
    email VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    role VARCHAR(40) CHARACTER SET ascii NOT NULL,
    password_hash VARCHAR(200) CHARACTER SET ascii NOT NULL,
    failed_sign_ins SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    locked_until DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY person_email (email),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
