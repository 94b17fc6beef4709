-- The asset that is kept joins the albums of the others. $1 kept, $2 others.
INSERT INTO album_asset ("albumId", "assetId")
SELECT DISTINCT aa."albumId", $1::uuid FROM album_asset aa WHERE aa."assetId" = ANY ($2::uuid[])
ON CONFLICT DO NOTHING
