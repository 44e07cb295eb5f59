-- One child's or family's passage through a service. The child is a pseudonym that only this authority's key makes.
CREATE TABLE IF NOT EXISTS episode (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    service_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    child_pseudonym CHAR(32) CHARACTER SET ascii NOT NULL,
    age_band VARCHAR(20) CHARACTER SET ascii NOT NULL,
    sex VARCHAR(20) CHARACTER SET ascii NOT NULL,
    ethnic_group VARCHAR(40) CHARACTER SET ascii NOT NULL,
    disabled VARCHAR(20) CHARACTER SET ascii NOT NULL,
    need VARCHAR(60) NOT NULL,
    referred_on DATE NOT NULL,
    offered_on DATE NULL,
    accepted_on DATE NULL,
    started_on DATE NULL,
    ended_on DATE NULL,
    end_reason VARCHAR(20) CHARACTER SET ascii NULL,
    UNIQUE KEY episode_reference (authority_id, reference),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
