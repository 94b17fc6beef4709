-- Which of these assets are in an album. $1 album, $2 uuid[] assets.
SELECT "assetId" FROM album_asset WHERE "albumId" = $1 AND "assetId" = ANY($2::uuid[])
