-- Services whose figures are out of date. A worker removes a row only if its generation is still the one it saw.
CREATE TABLE IF NOT EXISTS touched (
    service_id BINARY(16) NOT NULL PRIMARY KEY,
    generation INT UNSIGNED NOT NULL DEFAULT 1,
    FOREIGN KEY (service_id) REFERENCES service (id)
)
