-- A machine of an authority that speaks to us: what it may do, and until when. Only a hash of its token is kept.
CREATE TABLE IF NOT EXISTS case_system (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    name VARCHAR(100) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    scopes VARCHAR(200) CHARACTER SET ascii NOT NULL,
    admitted_by VARCHAR(200) NOT NULL,
    admitted_at DATETIME(3) NOT NULL,
    ends_on DATE NOT NULL,
    last_seen_at DATETIME(3) NULL,
    revoked_at DATETIME(3) NULL,
    UNIQUE KEY case_system_token (token_hash),
    KEY case_system_authority (authority_id),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
