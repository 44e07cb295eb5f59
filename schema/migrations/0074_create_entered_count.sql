-- Counts of a quarter that an authority enters for a service whose single records it cannot send yet.
CREATE TABLE IF NOT EXISTS entered_count (
    service_id BINARY(16) NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    measure VARCHAR(80) CHARACTER SET ascii NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    count INT UNSIGNED NOT NULL,
    PRIMARY KEY (service_id, quarter, measure),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
