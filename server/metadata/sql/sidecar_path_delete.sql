-- An asset has no sidecar (any more). $1 asset.
DELETE FROM asset_file WHERE "assetId" = $1 AND type = 'sidecar' AND NOT "isEdited"
