-- Assets to encode: all with a preview, or those without a vector. $1 all.
SELECT a.id
FROM asset a
WHERE a."deletedAt" IS NULL AND a.visibility <> 'hidden'
  AND EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'preview' AND NOT f."isEdited")
  AND ($1::boolean OR NOT EXISTS (SELECT FROM smart_search s WHERE s."assetId" = a.id))
