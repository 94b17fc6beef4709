-- The things in a picture, most certain first. $1 asset.
SELECT o.id, o.label, o.score, o.x1, o.y1, o.x2, o.y2
FROM plus.asset_object o
WHERE o."assetId" = $1
ORDER BY o.score DESC, o.id
