-- A browser that was sent to an identity provider and has not come back yet.
CREATE TABLE IF NOT EXISTS provider_sign_in (
    state_hash BINARY(32) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL COMMENT 'of the browser: nobody else can finish it',
    provider VARCHAR(60) CHARACTER SET ascii NOT NULL,
    nonce VARCHAR(64) CHARACTER SET ascii NOT NULL,
    verifier VARCHAR(128) CHARACTER SET ascii NOT NULL,
    next VARCHAR(300) NOT NULL,
    expires_at DATETIME(3) NOT NULL
)
