CREATE TABLE IF NOT EXISTS supervision (
    practitioner_id BINARY(16) NOT NULL,
    held_on DATE NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    PRIMARY KEY (practitioner_id, held_on),
    FOREIGN KEY (practitioner_id) REFERENCES practitioner (id)
) WITH SYSTEM VERSIONING
