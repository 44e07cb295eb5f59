-- Notes of an inspection team: for the team alone. No other account reads them.
CREATE TABLE IF NOT EXISTS inspection_note (
    id BINARY(16) NOT NULL PRIMARY KEY,
    inspection_id BINARY(16) NOT NULL,
    about VARCHAR(140) NOT NULL COMMENT 'an expectation or a finding, or empty for the whole',
    words VARCHAR(4000) NOT NULL,
    noted_at DATETIME(3) NOT NULL,
    noted_by VARCHAR(200) NOT NULL,
    KEY inspection_note_inspection (inspection_id, noted_at),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id)
)
