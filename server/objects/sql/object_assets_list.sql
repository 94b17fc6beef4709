-- Pictures to look for things in: all with a preview, or those this model has not seen. $1 all, $2 model.
SELECT a.id
FROM asset a
WHERE a."deletedAt" IS NULL AND a.visibility <> 'hidden'
  AND EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'preview' AND NOT f."isEdited")
  AND ($1::boolean OR NOT EXISTS (
    SELECT FROM plus.asset_object_status s WHERE s."assetId" = a.id AND s.model = $2::text))
