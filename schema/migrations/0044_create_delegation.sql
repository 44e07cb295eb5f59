-- A director lets someone sign off in their place, for certain days.
CREATE TABLE IF NOT EXISTS delegation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    given_by BINARY(16) NOT NULL,
    given_to BINARY(16) NOT NULL,
    from_on DATE NOT NULL,
    until_on DATE NOT NULL,
    given_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    KEY delegation_to (given_to, from_on),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (given_by) REFERENCES person (id),
    FOREIGN KEY (given_to) REFERENCES person (id)
)
