-- What children and families say of a service.
CREATE TABLE IF NOT EXISTS feedback (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    service_id BINARY(16) NOT NULL,
    episode_id BINARY(16) NULL,
    given_on DATE NOT NULL,
    respondent VARCHAR(40) CHARACTER SET ascii NOT NULL,
    rating TINYINT UNSIGNED NULL,
    words VARCHAR(2000) NOT NULL,
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (service_id) REFERENCES service (id),
    FOREIGN KEY (episode_id) REFERENCES episode (id)
) WITH SYSTEM VERSIONING
