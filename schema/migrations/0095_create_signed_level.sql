-- The level of each recommendation as it was signed: what England counts authorities by.
CREATE TABLE IF NOT EXISTS signed_level (
    return_id BINARY(16) NOT NULL,
    recommendation VARCHAR(60) CHARACTER SET ascii NOT NULL,
    level VARCHAR(30) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (return_id, recommendation),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
