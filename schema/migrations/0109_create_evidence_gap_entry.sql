-- The life of a gap: calls for funding, studies, what came of them, the guide version that answers it. Entries are added
-- and never changed; the newest says where the gap stands.
CREATE TABLE IF NOT EXISTS evidence_gap_entry (
    id BINARY(16) NOT NULL PRIMARY KEY,
    gap VARCHAR(60) CHARACTER SET ascii NOT NULL COMMENT 'reference of a gap, of ours or of a guide',
    status ENUM('open', 'call', 'study', 'reported', 'answered', 'closed') NOT NULL,
    title VARCHAR(300) NOT NULL,
    detail VARCHAR(2000) NOT NULL,
    address VARCHAR(500) NOT NULL COMMENT 'where to read more, or nothing',
    happened_on DATE NOT NULL,
    added_at DATETIME(3) NOT NULL,
    added_by VARCHAR(200) NOT NULL,
    KEY evidence_gap_entry_gap (gap, happened_on)
)
