-- Tags of assets. $1 uuid[] assets.
SELECT ta."assetId", t.id, t.value, t.color, t."parentId", t."createdAt", t."updatedAt"
FROM tag_asset ta
JOIN tag t ON t.id = ta."tagId"
WHERE ta."assetId" = ANY($1::uuid[])
ORDER BY t.value
