-- Someone asked to join. The link's token goes to them alone; its hash is kept.
CREATE TABLE IF NOT EXISTS invitation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    email VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(40) CHARACTER SET ascii NOT NULL,
    authority_id SMALLINT UNSIGNED NULL,
    invited_by VARCHAR(200) NOT NULL,
    invited_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    accepted_at DATETIME(3) NULL,
    withdrawn_at DATETIME(3) NULL,
    UNIQUE KEY invitation_token (token_hash),
    KEY invitation_email (email),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
