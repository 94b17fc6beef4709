-- What is merged when a group is resolved. $1 owner, $2 group.
SELECT a.id, a."isFavorite", a.visibility::text, e.description, e.rating, e.latitude, e.longitude
FROM asset a
LEFT JOIN asset_exif e ON e."assetId" = a.id
WHERE a."ownerId" = $1 AND a."duplicateId" = $2 AND a."deletedAt" IS NULL
ORDER BY a."localDateTime", a.id
FOR UPDATE OF a
