-- Assets of an album. $1 album.
SELECT a.id
FROM album_asset aa
JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL AND a.visibility <> 'locked'
WHERE aa."albumId" = $1
ORDER BY a."fileCreatedAt" DESC, a.id
