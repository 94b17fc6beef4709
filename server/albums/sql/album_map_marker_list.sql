-- Places of an album's assets, newest first. $1 album.
SELECT a.id, e.latitude, e.longitude, e.city, e.state, e.country
FROM album_asset aa
JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
JOIN asset_exif e ON e."assetId" = a.id AND e.latitude IS NOT NULL AND e.longitude IS NOT NULL
WHERE aa."albumId" = $1
ORDER BY a."fileCreatedAt" DESC, a.id
