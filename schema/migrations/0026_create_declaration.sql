-- What an authority says of a recommendation, beside what its records show.
CREATE TABLE IF NOT EXISTS declaration (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    recommendation VARCHAR(60) CHARACTER SET ascii NOT NULL,
    declared_on DATE NOT NULL,
    status ENUM('in place', 'partly', 'planned', 'not adopted', 'not applicable') NOT NULL,
    reason VARCHAR(600) NOT NULL,
    evidence VARCHAR(600) NOT NULL,
    UNIQUE KEY declaration_recommendation (authority_id, recommendation, declared_on),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
) WITH SYSTEM VERSIONING
