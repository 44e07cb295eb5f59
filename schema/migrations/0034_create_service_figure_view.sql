-- One row for each figure, for people who read the database.
CREATE OR REPLACE VIEW service_figure AS
SELECT service_result.service_id, service_result.quarter, service_result.authority_id, figure.measure, figure.numerator,
       figure.denominator
FROM service_result JOIN JSON_TABLE(service_result.figures, '$[*]' COLUMNS (
    measure VARCHAR(130) PATH '$.measure', numerator BIGINT PATH '$.is[0]', denominator BIGINT PATH '$.is[1]')) AS figure
