-- A published open-data file as it was loaded. The newest of a name counts; earlier ones stay for reports of earlier days.
CREATE TABLE IF NOT EXISTS official_dataset (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(150) NOT NULL,
    title VARCHAR(200) NOT NULL,
    source VARCHAR(300) NOT NULL,
    loaded_at DATETIME(3) NOT NULL,
    loaded_by VARCHAR(200) NOT NULL,
    figures INT UNSIGNED NOT NULL,
    indicators MEDIUMTEXT NOT NULL COMMENT 'JSON: name, label and unit of each',
    KEY official_dataset_name (name, loaded_at)
)
