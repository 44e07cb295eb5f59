-- The counts of each measure by group, as they were signed: by age, sex, respondent and what else measures are broken down
-- by.
CREATE TABLE IF NOT EXISTS signed_group (
    return_id BINARY(16) NOT NULL,
    intervention VARCHAR(60) CHARACTER SET ascii NOT NULL,
    measure VARCHAR(130) CHARACTER SET ascii NOT NULL,
    breakdown VARCHAR(40) CHARACTER SET ascii NOT NULL,
    category VARCHAR(60) NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    PRIMARY KEY (return_id, measure, breakdown, intervention, category),
    FOREIGN KEY (return_id) REFERENCES quarterly_return (id)
)
