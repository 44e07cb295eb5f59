-- Of returns that were signed before counts were kept apart.
INSERT IGNORE INTO signed_count (return_id, intervention, measure, numerator, denominator)
SELECT signed_figure.return_id, signed_figure.intervention, figure.measure, SUM(figure.numerator), SUM(figure.denominator)
FROM signed_figure JOIN JSON_TABLE(signed_figure.figures, '$[*]' COLUMNS (
    measure VARCHAR(130) PATH '$.measure', numerator BIGINT PATH '$.is[0]', denominator BIGINT PATH '$.is[1]')) AS figure
WHERE figure.numerator IS NOT NULL
GROUP BY signed_figure.return_id, signed_figure.intervention, figure.measure
