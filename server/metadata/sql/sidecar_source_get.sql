-- An asset's sidecar and what the user changed that is not in it yet. $1 asset.
SELECT a."originalPath", f.path AS sidecar, coalesce(e."lockedProperties", '{}')::text[] AS locked, e.description,
       e."dateTimeOriginal", e."timeZone", e.latitude, e.longitude, e.rating, coalesce(e.tags, '{}')::text[] AS tags,
       e."updateId"
FROM asset a
LEFT JOIN asset_exif e ON e."assetId" = a.id
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'sidecar' AND NOT f."isEdited"
WHERE a.id = $1 AND a.status <> 'deleted'
