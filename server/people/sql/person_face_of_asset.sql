-- A face of a person in a picture. $1 person, $2 asset.
SELECT f.id FROM asset_face f
WHERE f."personId" = $1 AND f."assetId" = $2 AND f."deletedAt" IS NULL
ORDER BY f."isVisible" DESC, f.id
LIMIT 1
