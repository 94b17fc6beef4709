-- Files kept for an asset. $1 asset, $2 type or null, $3 edited or null, $4 progressive or null, $5 transparent or null.
SELECT id, type, path, "isEdited", "isProgressive", "isTransparent", "createdAt", "updatedAt"
FROM asset_file
WHERE "assetId" = $1
  AND ($2::text IS NULL OR type = $2)
  AND ($3::boolean IS NULL OR "isEdited" = $3)
  AND ($4::boolean IS NULL OR "isProgressive" = $4)
  AND ($5::boolean IS NULL OR "isTransparent" = $5)
ORDER BY type, "isEdited"
