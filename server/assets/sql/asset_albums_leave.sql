-- Takes assets out of all albums. $1 uuid[] assets.
DELETE FROM album_asset WHERE "assetId" = ANY($1::uuid[])
