-- A view of the analysts' workbench that somebody saved: every analyst sees it.
CREATE TABLE IF NOT EXISTS saved_view (
    id BINARY(16) NOT NULL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    query VARCHAR(4000) NOT NULL COMMENT 'as it stands in an address',
    saved_at DATETIME(3) NOT NULL,
    saved_by VARCHAR(200) NOT NULL
)
