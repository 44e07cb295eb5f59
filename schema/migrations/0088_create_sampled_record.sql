-- The records of a sample. Inspectors see number and stratum; what the authority calls the record only the authority
-- sees.
CREATE TABLE IF NOT EXISTS sampled_record (
    sample_id BINARY(16) NOT NULL,
    number SMALLINT UNSIGNED NOT NULL,
    stratum VARCHAR(200) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (sample_id, number),
    FOREIGN KEY (sample_id) REFERENCES record_sample (id)
)
