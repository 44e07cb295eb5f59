CREATE TABLE IF NOT EXISTS provider (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    name VARCHAR(200) NOT NULL,
    UNIQUE KEY provider_name (authority_id, name),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
) WITH SYSTEM VERSIONING
