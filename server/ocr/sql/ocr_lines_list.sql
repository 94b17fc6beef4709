-- The lines of text in a picture, as they were found. $1 asset.
SELECT o.id, o."assetId", o.x1, o.y1, o.x2, o.y2, o.x3, o.y3, o.x4, o.y4, o."boxScore", o."textScore", o.text
FROM asset_ocr o
WHERE o."assetId" = $1 AND o."isVisible"
ORDER BY o."updateId", o.id
