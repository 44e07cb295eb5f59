-- One row while a migration runs; a row and not GET_LOCK, which a Galera cluster does not support.
CREATE TABLE IF NOT EXISTS migration_lock (
    id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
    holder VARCHAR(100) NOT NULL,
    taken_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL
)
