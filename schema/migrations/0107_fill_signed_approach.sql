-- Of returns that were signed before approaches were kept apart.
INSERT IGNORE INTO signed_approach (return_id, approach, services)
SELECT quarterly_return.id, service.intervention, COUNT(*)
FROM quarterly_return JOIN JSON_TABLE(quarterly_return.content, '$.report.unevidenced_approaches[*]' COLUMNS (
    reference VARCHAR(100) PATH '$')) AS said
JOIN service ON service.authority_id = quarterly_return.authority_id AND service.reference = said.reference
WHERE quarterly_return.state = 'signed'
GROUP BY quarterly_return.id, service.intervention
