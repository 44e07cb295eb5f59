-- Rows that could not be stored and are still to be corrected. One that is stored later, however it comes, is gone from here.
CREATE TABLE IF NOT EXISTS rejected_row (
    authority_id SMALLINT UNSIGNED NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii NOT NULL,
    record_key VARCHAR(250) COLLATE utf8mb4_bin NOT NULL COMMENT 'its reference, or a hash of the row where it has none',
    upload_id BINARY(16) NOT NULL,
    file VARCHAR(200) NOT NULL,
    number BIGINT NOT NULL COMMENT 'of the row in that file',
    PRIMARY KEY (authority_id, kind, record_key),
    KEY rejected_row_upload (upload_id),
    FOREIGN KEY (upload_id) REFERENCES upload (id) ON DELETE CASCADE
)
