-- The reports that were given to an inspection: kept as they were, whatever is corrected later.
CREATE TABLE IF NOT EXISTS inspection_report (
    inspection_id BINARY(16) NOT NULL,
    report_id BINARY(16) NOT NULL,
    given_at DATETIME(3) NOT NULL,
    given_by VARCHAR(200) NOT NULL,
    PRIMARY KEY (inspection_id, report_id),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id),
    FOREIGN KEY (report_id) REFERENCES adherence_report (id)
)
