-- An authority's running of one intervention, or of an approach that no guide recommends.
CREATE TABLE IF NOT EXISTS service (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    intervention VARCHAR(60) CHARACTER SET ascii NOT NULL,
    name VARCHAR(200) NOT NULL,
    provider_id BINARY(16) NULL,
    stage ENUM('exploration', 'installation', 'initial', 'full', 'paused', 'stopped') NOT NULL,
    started_on DATE NOT NULL,
    ended_on DATE NULL,
    capacity_per_year INT UNSIGNED NULL,
    UNIQUE KEY service_reference (authority_id, reference),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (provider_id) REFERENCES provider (id)
) WITH SYSTEM VERSIONING
