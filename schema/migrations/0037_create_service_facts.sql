-- A service's records as packed columns, written when its records changed and read when only definitions did: a new
-- guide computes England from these in seconds. Nothing here is recorded only here.
CREATE TABLE IF NOT EXISTS service_facts (
    service_id BINARY(16) NOT NULL PRIMARY KEY,
    columns MEDIUMBLOB NOT NULL,
    FOREIGN KEY (service_id) REFERENCES service (id)
)
