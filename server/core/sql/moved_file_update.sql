-- A file made of an asset is at its new place. $1 asset, $2 old path, $3 new path.
UPDATE asset_file SET path = $3 WHERE "assetId" = $1 AND path = $2
