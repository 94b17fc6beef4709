-- The faces known in a picture, also those the user took away. $1 asset.
SELECT f.id, f."sourceType"::text, f."boundingBoxX1", f."boundingBoxY1", f."boundingBoxX2", f."boundingBoxY2",
       f."imageWidth", f."imageHeight"
FROM asset_face f
WHERE f."assetId" = $1
ORDER BY f.id
