-- A staff reference, not a name.
CREATE TABLE IF NOT EXISTS practitioner (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    service_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    role VARCHAR(60) NOT NULL,
    trained_on DATE NULL,
    accredited_until DATE NULL,
    UNIQUE KEY practitioner_reference (authority_id, reference),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
