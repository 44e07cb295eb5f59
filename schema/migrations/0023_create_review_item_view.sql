-- The packed item scores, one row an item, for people who read the database.
CREATE OR REPLACE VIEW review_item AS
SELECT review.id AS review_id, review.authority_id, review.checklist, review.checklist_version,
       item.seq AS position, ORD(SUBSTRING(review.scores, item.seq, 1)) AS score
FROM review
JOIN seq_1_to_200 AS item ON item.seq <= LENGTH(review.scores)
