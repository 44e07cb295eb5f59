-- Random ids: one that followed from the pseudonym would remember it.
INSERT IGNORE INTO child (id, authority_id, key_version, pseudonym)
SELECT UNHEX(MD5(CONCAT(UUID(), RAND()))), authority_id, 1, child_pseudonym
FROM (SELECT DISTINCT authority_id, child_pseudonym FROM episode) AS known
