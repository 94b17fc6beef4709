-- An asset has this sidecar. $1 asset, $2 path.
INSERT INTO asset_file ("assetId", type, path) SELECT id, 'sidecar', $2 FROM asset WHERE id = $1
ON CONFLICT ("assetId", type, "isEdited") DO UPDATE SET path = EXCLUDED.path
