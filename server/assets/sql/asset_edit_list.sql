-- Edits of an asset as the phone apps see them, in the order they apply. $1 asset.
SELECT id, action, parameters, sequence FROM asset_edit WHERE "assetId" = $1 ORDER BY sequence
