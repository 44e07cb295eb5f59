-- The figures of each service as they were signed: what England is the sum of.
CREATE TABLE IF NOT EXISTS signed_figure (
    return_id BINARY(16) NOT NULL,
    service_id BINARY(16) NOT NULL,
    intervention VARCHAR(60) CHARACTER SET ascii NOT NULL,
    figures MEDIUMTEXT NOT NULL COMMENT 'JSON: additive parts by measure',
    PRIMARY KEY (return_id, service_id),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
