-- What was changed in an intervention, by whom and why (after FRAME, 2019).
CREATE TABLE IF NOT EXISTS adaptation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    authority_id SMALLINT UNSIGNED NOT NULL,
    service_id BINARY(16) NOT NULL,
    adapted_on DATE NOT NULL,
    modified ENUM('content', 'context', 'training', 'evaluation') NOT NULL,
    decided_by VARCHAR(60) NOT NULL,
    reason VARCHAR(600) NOT NULL,
    is_planned BOOLEAN NOT NULL,
    is_fidelity_consistent BOOLEAN NULL,
    FOREIGN KEY (authority_id) REFERENCES authority (id),
    FOREIGN KEY (service_id) REFERENCES service (id)
) WITH SYSTEM VERSIONING
