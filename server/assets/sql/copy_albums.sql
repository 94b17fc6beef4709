-- Puts an asset into the albums of another, unless it is locked. $1 source, $2 target.
INSERT INTO album_asset ("albumId", "assetId")
SELECT aa."albumId", a.id
FROM asset a, album_asset aa
WHERE a.id = $2 AND a.visibility <> 'locked' AND aa."assetId" = $1
ON CONFLICT DO NOTHING
