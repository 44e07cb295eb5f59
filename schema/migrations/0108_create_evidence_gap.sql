-- Gaps in the evidence that no guide names, as the authors of guides note them. Those that guides name stand in the
-- catalogue.
CREATE TABLE IF NOT EXISTS evidence_gap (
    reference VARCHAR(60) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    text VARCHAR(1000) NOT NULL,
    recommendation VARCHAR(60) CHARACTER SET ascii NOT NULL COMMENT 'empty for none',
    added_at DATETIME(3) NOT NULL,
    added_by VARCHAR(200) NOT NULL
)
