-- What is remembered of each key that stands apart from the data: enough to know it again, not to make it.
CREATE TABLE IF NOT EXISTS key_fingerprint (
    name VARCHAR(60) CHARACTER SET ascii NOT NULL PRIMARY KEY COMMENT 'audit, sign-in, pseudonyms 805 v1',
    fingerprint CHAR(64) CHARACTER SET ascii NOT NULL,
    noted_at DATETIME(3) NOT NULL
)
