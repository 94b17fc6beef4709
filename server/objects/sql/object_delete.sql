-- Forgets the things in a picture. $1 asset.
DELETE FROM plus.asset_object WHERE "assetId" = $1
