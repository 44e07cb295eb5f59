-- The next version of a guide, as its authors draft it: one guide as a catalogue file has it. A worker puts it in force.
CREATE TABLE IF NOT EXISTS guidance_draft (
    id BINARY(16) NOT NULL PRIMARY KEY,
    guide VARCHAR(60) CHARACTER SET ascii NOT NULL,
    content MEDIUMTEXT NOT NULL COMMENT 'JSON',
    edition INT UNSIGNED NOT NULL COMMENT 'one more with every change',
    state ENUM('draft', 'asked', 'published', 'discarded') NOT NULL DEFAULT 'draft',
    problem TEXT NOT NULL COMMENT 'why it could not be put in force',
    begun_at DATETIME(3) NOT NULL,
    begun_by VARCHAR(200) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    changed_by VARCHAR(200) NOT NULL,
    published_at DATETIME(3) NULL,
    KEY guidance_draft_state (state)
)
