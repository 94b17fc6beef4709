-- Takes assets out of an album. $1 album, $2 uuid[] assets.
DELETE FROM album_asset WHERE "albumId" = $1 AND "assetId" = ANY($2::uuid[])
