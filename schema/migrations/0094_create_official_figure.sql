-- Numbers as they were published, symbols included. Context beside delivery, and part of no level.
CREATE TABLE IF NOT EXISTS official_figure (
    dataset_id BINARY(16) NOT NULL,
    number INT UNSIGNED NOT NULL,
    level ENUM('national', 'regional', 'authority') NOT NULL,
    place VARCHAR(20) CHARACTER SET ascii NOT NULL COMMENT 'an authority by its three digits, else a code of nine',
    time_period CHAR(6) CHARACTER SET ascii NOT NULL,
    time_identifier VARCHAR(60) NOT NULL,
    indicator VARCHAR(150) NOT NULL,
    filters VARCHAR(1000) NOT NULL,
    value DOUBLE NULL,
    symbol VARCHAR(3) CHARACTER SET ascii NULL,
    words VARCHAR(40) NOT NULL COMMENT 'as published',
    note VARCHAR(300) NOT NULL,
    PRIMARY KEY (dataset_id, number),
    KEY official_figure_place (dataset_id, place, indicator),
    FOREIGN KEY (dataset_id) REFERENCES official_dataset (id)
)
