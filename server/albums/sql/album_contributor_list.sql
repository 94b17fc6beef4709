-- How many assets each user has in an album. $1 album.
SELECT a."ownerId", count(*)
FROM album_asset aa
JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
WHERE aa."albumId" = $1
GROUP BY a."ownerId"
ORDER BY count(*) DESC, a."ownerId"
