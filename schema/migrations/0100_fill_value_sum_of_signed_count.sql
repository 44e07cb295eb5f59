-- Of means that were signed before their sums were kept apart.
UPDATE signed_count JOIN (
    SELECT signed_figure.return_id, signed_figure.intervention, figure.measure, SUM(figure.value_sum) AS value_sum
    FROM signed_figure JOIN JSON_TABLE(signed_figure.figures, '$[*]' COLUMNS (
        measure VARCHAR(130) CHARACTER SET ascii PATH '$.measure', value_sum DOUBLE PATH '$.is[2][0]')) AS figure
    WHERE figure.value_sum IS NOT NULL
    GROUP BY signed_figure.return_id, signed_figure.intervention, figure.measure) AS signed
    ON signed.return_id = signed_count.return_id AND signed.intervention = signed_count.intervention
    AND signed.measure = signed_count.measure
SET signed_count.value_sum = signed.value_sum
