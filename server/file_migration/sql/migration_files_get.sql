-- The files made of an asset, where they are. $1 asset.
SELECT a."ownerId", f.type, f.path, f."isEdited"
FROM asset a JOIN asset_file f ON f."assetId" = a.id
WHERE a.id = $1 AND f.type IN ('preview', 'thumbnail', 'fullsize', 'encoded_video')
