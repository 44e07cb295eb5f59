-- One figure of one service and quarter, as additive parts; a partition is deleted and inserted whole.
CREATE TABLE IF NOT EXISTS result_cell (
    service_id BINARY(16) NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    measure VARCHAR(80) CHARACTER SET ascii NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    opposite BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    sum DOUBLE NOT NULL,
    sum_of_squares DOUBLE NOT NULL,
    days TEXT CHARACTER SET ascii NOT NULL COMMENT 'how many records took so many days: 3:1 14:2',
    PRIMARY KEY (service_id, quarter, measure),
    KEY result_cell_authority (authority_id, quarter),
    FOREIGN KEY (service_id) REFERENCES service (id)
)
