-- Ends a session and those it made; answers all their ids. $1 session.
WITH RECURSIVE ended AS (
  SELECT id FROM session WHERE id = $1
  UNION
  SELECT child.id FROM session child JOIN ended ON child."parentId" = ended.id
)
DELETE FROM session WHERE id IN (SELECT id FROM ended)
RETURNING id
