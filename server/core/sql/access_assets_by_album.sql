-- Assets among the given that are in an album the user belongs to, and the videos of live photos in one. $1 uuid[] assets, $2 user.
SELECT a.id
FROM asset a
JOIN album_asset aa ON aa."assetId" = a.id
JOIN album al ON al.id = aa."albumId" AND al."deletedAt" IS NULL
JOIN album_user au ON au."albumId" = al.id AND au."userId" = $2
WHERE a.id = ANY($1::uuid[])
UNION
SELECT a."livePhotoVideoId"
FROM asset a
JOIN album_asset aa ON aa."assetId" = a.id
JOIN album al ON al.id = aa."albumId" AND al."deletedAt" IS NULL
JOIN album_user au ON au."albumId" = al.id AND au."userId" = $2
WHERE a."livePhotoVideoId" = ANY($1::uuid[])
