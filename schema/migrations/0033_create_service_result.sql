-- All figures of one service and quarter, packed into one row: computed, replaced and read together. For people, the
-- view service_figure takes them apart.
CREATE TABLE IF NOT EXISTS service_result (
    service_id BINARY(16) NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    figures MEDIUMTEXT NOT NULL COMMENT 'JSON: additive parts by measure',
    PRIMARY KEY (service_id, quarter),
    KEY service_result_authority (authority_id, quarter),
    FOREIGN KEY (service_id) REFERENCES service (id)
)
