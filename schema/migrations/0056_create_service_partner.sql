-- A service may be shared: its authority leads, others take part. Named by the code that statistics use.
CREATE TABLE IF NOT EXISTS service_partner (
    service_id BINARY(16) NOT NULL,
    partner_code CHAR(9) CHARACTER SET ascii NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    share TINYINT UNSIGNED NOT NULL COMMENT 'per cent of the places',
    PRIMARY KEY (service_id, partner_code),
    KEY service_partner_code (partner_code),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
