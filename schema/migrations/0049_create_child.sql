-- Whom episodes are about: a pseudonym that only this authority's key makes. It stands here alone and without history,
-- so that forgetting it here forgets it everywhere, the history of episodes included.
CREATE TABLE IF NOT EXISTS child (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    key_version SMALLINT UNSIGNED NOT NULL,
    pseudonym CHAR(32) CHARACTER SET ascii NOT NULL,
    UNIQUE KEY child_pseudonym (authority_id, pseudonym),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
