-- A fidelity review. Item scores are packed, one byte an item of the checklist version; see view review_item.
CREATE TABLE IF NOT EXISTS review (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    service_id BINARY(16) NOT NULL,
    session_reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    practitioner_id BINARY(16) NOT NULL,
    reference VARCHAR(60) COLLATE utf8mb4_bin NOT NULL,
    reviewer ENUM('observer', 'supervisor', 'self', 'participant') NOT NULL,
    reviewed_on DATE NOT NULL,
    checklist VARCHAR(60) CHARACTER SET ascii NOT NULL,
    checklist_version SMALLINT UNSIGNED NOT NULL,
    scores VARBINARY(200) NOT NULL COMMENT '0 to 200 points, 254 not applicable, 255 blank',
    UNIQUE KEY review_reference (authority_id, reference),
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (service_id) REFERENCES service (id),
    FOREIGN KEY (authority_id, session_reference) REFERENCES session (authority_id, reference),
    FOREIGN KEY (practitioner_id) REFERENCES practitioner (id)
) WITH SYSTEM VERSIONING
