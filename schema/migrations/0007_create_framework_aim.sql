-- Outcomes and enablers of the National Framework, keyed by name: their numbers have been switched.
CREATE TABLE IF NOT EXISTS framework_aim (
    id VARCHAR(40) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    kind ENUM('outcome', 'enabler') NOT NULL,
    name VARCHAR(200) NOT NULL
)
