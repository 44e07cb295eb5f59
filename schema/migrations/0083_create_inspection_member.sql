-- Who of the inspectorate takes part.
CREATE TABLE IF NOT EXISTS inspection_member (
    inspection_id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    added_at DATETIME(3) NOT NULL,
    added_by VARCHAR(200) NOT NULL,
    removed_at DATETIME(3) NULL,
    PRIMARY KEY (inspection_id, person_id),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id)
)
