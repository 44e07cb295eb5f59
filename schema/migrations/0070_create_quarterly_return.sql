-- What an authority says of a quarter. Version by version: one that is signed off is never changed again; a correction is
-- the next version, with its reason. Nothing of a draft is seen outside the authority.
CREATE TABLE IF NOT EXISTS quarterly_return (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    quarter SMALLINT UNSIGNED NOT NULL,
    version SMALLINT UNSIGNED NOT NULL,
    state ENUM('draft', 'sent', 'signed') NOT NULL,
    comment VARCHAR(4000) NOT NULL,
    reason VARCHAR(1000) NOT NULL COMMENT 'of a correction',
    begun_at DATETIME(3) NOT NULL,
    begun_by VARCHAR(200) NOT NULL,
    sent_at DATETIME(3) NULL,
    sent_by VARCHAR(200) NULL,
    signed_at DATETIME(3) NULL,
    signed_by VARCHAR(200) NULL,
    catalogue_fingerprint CHAR(64) CHARACTER SET ascii NULL,
    fingerprint CHAR(64) CHARACTER SET ascii NULL COMMENT 'SHA-256 of what was signed',
    content MEDIUMTEXT NULL COMMENT 'what was signed: figures, levels, findings accepted, as JSON',
    UNIQUE KEY quarterly_return_version (authority_id, quarter, version),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
