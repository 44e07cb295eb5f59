-- What stands behind a report's figures, one row a service or intervention: read only where somebody looks behind them.
CREATE TABLE IF NOT EXISTS adherence_detail (
    report_id BINARY(16) NOT NULL,
    subject VARCHAR(140) COLLATE utf8mb4_bin NOT NULL,
    content MEDIUMTEXT NOT NULL COMMENT 'JSON: counts, by quarter and by condition',
    PRIMARY KEY (report_id, subject),
    FOREIGN KEY (report_id) REFERENCES adherence_report (id)
)
