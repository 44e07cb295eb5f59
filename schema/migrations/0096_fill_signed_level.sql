-- Of returns that were signed before levels were kept apart.
INSERT IGNORE INTO signed_level (return_id, recommendation, level)
SELECT quarterly_return.id, said.recommendation, said.level
FROM quarterly_return JOIN JSON_TABLE(quarterly_return.content, '$.report.recommendations[*]' COLUMNS (
    recommendation VARCHAR(60) PATH '$.recommendation', level VARCHAR(30) PATH '$.level')) AS said
WHERE quarterly_return.state = 'signed' AND said.level IS NOT NULL
