-- A random sample of records that an inspection team asks for: drawn by a worker, the same for the same seed.
CREATE TABLE IF NOT EXISTS record_sample (
    id BINARY(16) NOT NULL PRIMARY KEY,
    inspection_id BINARY(16) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    report_id BINARY(16) NOT NULL COMMENT 'whose period and day it is drawn from',
    strata VARCHAR(40) CHARACTER SET ascii NOT NULL COMMENT 'what the records are sorted by before the draw',
    each_stratum SMALLINT UNSIGNED NOT NULL COMMENT 'so many of each stratum',
    seed VARCHAR(60) CHARACTER SET ascii NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    asked_by VARCHAR(200) NOT NULL,
    drawn_at DATETIME(3) NULL,
    population TEXT NULL COMMENT 'JSON: how many records each stratum held',
    KEY record_sample_inspection (inspection_id, asked_at),
    FOREIGN KEY (inspection_id) REFERENCES inspection (id),
    FOREIGN KEY (report_id) REFERENCES adherence_report (id)
)
