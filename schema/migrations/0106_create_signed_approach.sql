-- Approaches that no guide recommends, as an authority ran them when it signed: practice that outruns the evidence.
CREATE TABLE IF NOT EXISTS signed_approach (
    return_id BINARY(16) NOT NULL,
    approach VARCHAR(60) CHARACTER SET ascii NOT NULL,
    services SMALLINT UNSIGNED NOT NULL,
    PRIMARY KEY (return_id, approach),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
