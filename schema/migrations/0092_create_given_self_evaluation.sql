-- A self-evaluation as it was given to an inspection: frozen, whatever is edited afterwards.
CREATE TABLE IF NOT EXISTS given_self_evaluation (
    inspection_id BINARY(16) NOT NULL,
    given_at DATETIME(3) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    given_by VARCHAR(200) NOT NULL,
    fingerprint CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'SHA-256 of content',
    content MEDIUMTEXT NOT NULL COMMENT 'JSON: what the authority says of each expectation',
    PRIMARY KEY (inspection_id, given_at),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id)
)
