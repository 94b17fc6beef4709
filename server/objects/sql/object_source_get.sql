-- What an object-detection job needs to know of its asset. $1 asset.
SELECT a.visibility::text, f.path
FROM asset a
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'preview' AND NOT f."isEdited"
WHERE a.id = $1
