-- Edits of an asset in the order they apply. $1 asset.
SELECT id, action, parameters FROM asset_edit WHERE "assetId" = $1 ORDER BY sequence
