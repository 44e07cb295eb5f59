-- Kept with its episode: reading a service's sessions is a walk along the primary key. The authority's own reference
-- is its identity; it needs no other id, and a million rows are smaller and faster without one.
CREATE TABLE IF NOT EXISTS session (
    episode_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    practitioner_id BINARY(16) NOT NULL,
    held_on DATE NOT NULL,
    status ENUM('held', 'missed', 'cancelled') NOT NULL,
    minutes SMALLINT UNSIGNED NULL,
    mode VARCHAR(20) CHARACTER SET ascii NULL,
    PRIMARY KEY (episode_id, reference),
    UNIQUE KEY session_reference (authority_id, reference),
    FOREIGN KEY (episode_id) REFERENCES episode (id),
    FOREIGN KEY (practitioner_id) REFERENCES practitioner (id)
) WITH SYSTEM VERSIONING
