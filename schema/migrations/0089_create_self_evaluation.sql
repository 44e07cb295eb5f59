-- What an authority says of itself for the yearly talk with the inspectorate, expectation by expectation: what it knows,
-- how it knows, and what it plans.
CREATE TABLE IF NOT EXISTS self_evaluation (
    authority_id SMALLINT UNSIGNED NOT NULL,
    year SMALLINT UNSIGNED NOT NULL COMMENT 'the financial year begins in it',
    expectation VARCHAR(60) CHARACTER SET ascii NOT NULL,
    known VARCHAR(4000) NOT NULL,
    known_by VARCHAR(4000) NOT NULL,
    plans VARCHAR(4000) NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    changed_by VARCHAR(200) NOT NULL,
    PRIMARY KEY (authority_id, year, expectation),
    FOREIGN KEY (authority_id) REFERENCES authority (id)
) WITH SYSTEM VERSIONING
