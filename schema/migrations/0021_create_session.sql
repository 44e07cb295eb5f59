-- Kept with its episode: reading a service's sessions is a walk along the primary key.
CREATE TABLE IF NOT EXISTS session (
    episode_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    practitioner_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    held_on DATE NOT NULL,
    status ENUM('held', 'missed', 'cancelled') NOT NULL,
    minutes SMALLINT UNSIGNED NULL,
    mode VARCHAR(20) CHARACTER SET ascii NULL,
    PRIMARY KEY (episode_id, id),
    UNIQUE KEY session_reference (authority_id, reference),
    FOREIGN KEY (episode_id) REFERENCES episode (id),
    FOREIGN KEY (practitioner_id) REFERENCES practitioner (id)
) WITH SYSTEM VERSIONING
