-- What metadata extraction starts from. $1 asset.
SELECT a."ownerId", a.type, a."originalPath", a."originalFileName", a."fileCreatedAt", a."libraryId", a."isExternal",
       a."livePhotoVideoId", a.visibility::text AS visibility, coalesce(e."lockedProperties", '{}')::text[] AS locked,
       e.latitude, e.longitude, coalesce(e.tags, '{}')::text[] AS tags, coalesce(f.path, '') AS sidecar,
       u."quotaSizeInBytes", u."quotaUsageInBytes"
FROM asset a
JOIN "user" u ON u.id = a."ownerId"
LEFT JOIN asset_exif e ON e."assetId" = a.id
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'sidecar' AND NOT f."isEdited"
WHERE a.id = $1 AND a.status <> 'deleted'
