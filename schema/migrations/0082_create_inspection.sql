-- A visit of inspectors to an authority, or a talk with it: what it is about, and from when to when they may look.
CREATE TABLE IF NOT EXISTS inspection (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    kind ENUM('standard', 'short', 'focused visit', 'monitoring visit', 'annual engagement') NOT NULL,
    scope VARCHAR(600) NOT NULL,
    first_quarter SMALLINT UNSIGNED NOT NULL,
    last_quarter SMALLINT UNSIGNED NOT NULL,
    opens_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    granted_from ENUM('authority', 'inspectorate') NOT NULL,
    granted_by VARCHAR(200) NOT NULL,
    granted_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    ended_by VARCHAR(200) NULL,
    KEY inspection_authority (authority_id, opens_on),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
)
