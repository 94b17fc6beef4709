-- Puts assets into an album. $1 album, $2 uuid[] assets.
INSERT INTO album_asset ("albumId", "assetId") SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING
