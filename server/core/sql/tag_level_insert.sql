-- Adds the tags of one depth below parents that exist, with their lines in the closure table. $1 user, $2 values,
-- $3 values of the parents in the same order, empty for roots.
WITH made AS (
  INSERT INTO tag ("userId", value, "parentId")
  SELECT $1, w.value, p.id
  FROM unnest($2::text[], $3::text[]) AS w (value, parent)
  LEFT JOIN tag p ON p."userId" = $1 AND p.value = w.parent AND w.parent <> ''
  ON CONFLICT ("userId", value) DO NOTHING
  RETURNING id, "parentId"
)
INSERT INTO tag_closure (id_ancestor, id_descendant)
SELECT c.id_ancestor, made.id FROM made JOIN tag_closure c ON c.id_descendant = made."parentId"
UNION ALL
SELECT made.id, made.id FROM made
ON CONFLICT DO NOTHING
