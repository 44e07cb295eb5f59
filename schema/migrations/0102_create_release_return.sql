-- The signed returns that a release is made of.
CREATE TABLE IF NOT EXISTS release_return (
    release_id BINARY(16) NOT NULL,
    authority_id SMALLINT UNSIGNED NOT NULL,
    return_id BINARY(16) NOT NULL,
    PRIMARY KEY (release_id, authority_id),
    FOREIGN KEY (release_id) REFERENCES national_release (id),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
