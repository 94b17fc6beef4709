-- Assets that carry a tag or one below it. $1 tag.
SELECT DISTINCT ta."assetId"
FROM tag_asset ta
WHERE ta."tagId" = $1 OR ta."tagId" IN (SELECT id_descendant FROM tag_closure WHERE id_ancestor = $1)
