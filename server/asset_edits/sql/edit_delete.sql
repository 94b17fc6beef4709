-- Removes all edits of an asset; a trigger keeps asset."isEdited". $1 asset.
DELETE FROM asset_edit WHERE "assetId" = $1
