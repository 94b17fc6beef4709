-- Deletes tags that no asset carries, neither itself nor below.
DELETE FROM tag t
WHERE NOT EXISTS (SELECT FROM tag_closure c JOIN tag_asset ta ON ta."tagId" = c.id_descendant WHERE c.id_ancestor = t.id)
  AND NOT EXISTS (SELECT FROM tag_asset ta WHERE ta."tagId" = t.id)
