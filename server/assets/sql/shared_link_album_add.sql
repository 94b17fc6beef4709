-- Adds an asset to the album of a shared link. $1 album, $2 asset.
INSERT INTO album_asset ("albumId", "assetId") VALUES ($1, $2) ON CONFLICT DO NOTHING
