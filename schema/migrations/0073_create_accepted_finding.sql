-- A finding about the quality of data that an authority knows of, with its reason: it no longer asks for attention there.
CREATE TABLE IF NOT EXISTS accepted_finding (
    authority_id SMALLINT UNSIGNED NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    rule VARCHAR(60) CHARACTER SET ascii NOT NULL,
    service_id BINARY(16) NOT NULL,
    findings INT UNSIGNED NOT NULL COMMENT 'how many there were: more than these ask again',
    reason VARCHAR(600) NOT NULL,
    accepted_by VARCHAR(200) NOT NULL,
    accepted_at DATETIME(3) NOT NULL,
    PRIMARY KEY (authority_id, quarter, rule, service_id),
    FOREIGN KEY (service_id) REFERENCES service (id)
)
