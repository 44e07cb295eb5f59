-- Each step of a service's implementation with its day; the latest is the service's stage.
CREATE TABLE IF NOT EXISTS stage_change (
    service_id BINARY(16) NOT NULL,
    changed_on DATE NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    stage ENUM('exploration', 'installation', 'initial', 'full', 'paused', 'stopped') NOT NULL,
    note VARCHAR(600) NULL,
    PRIMARY KEY (service_id, changed_on),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
