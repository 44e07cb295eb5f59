-- The counts of each share and count as they were signed, by intervention: England, regions and neighbours are sums of
-- these.
CREATE TABLE IF NOT EXISTS signed_count (
    return_id BINARY(16) NOT NULL,
    intervention VARCHAR(60) CHARACTER SET ascii NOT NULL,
    measure VARCHAR(130) CHARACTER SET ascii NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    PRIMARY KEY (return_id, intervention, measure),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
