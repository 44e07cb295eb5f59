-- The end of each chain, which the next entry continues, and its beginning, which moves when old entries are retired.
CREATE TABLE IF NOT EXISTS audit_chain (
    chain SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    last_position BIGINT UNSIGNED NOT NULL,
    last_seal BINARY(32) NOT NULL,
    first_position BIGINT UNSIGNED NOT NULL DEFAULT 1,
    seal_before BINARY(32) NOT NULL COMMENT 'of the entry before the first that is kept'
)
