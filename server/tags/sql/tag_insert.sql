-- A new tag with its lines in the closure table; no row when the path is taken. $1 user, $2 path, $3 parent or null,
-- $4 colour or null.
WITH made AS (
  INSERT INTO tag ("userId", value, "parentId", color) VALUES ($1, $2, $3, $4)
  ON CONFLICT ("userId", value) DO NOTHING
  RETURNING id, value, color, "parentId", "createdAt", "updatedAt"
), lines AS (
  INSERT INTO tag_closure (id_ancestor, id_descendant)
  SELECT c.id_ancestor, made.id FROM made JOIN tag_closure c ON c.id_descendant = made."parentId"
  UNION ALL
  SELECT made.id, made.id FROM made
  ON CONFLICT DO NOTHING
)
SELECT id, value, color, "parentId", "createdAt", "updatedAt" FROM made
