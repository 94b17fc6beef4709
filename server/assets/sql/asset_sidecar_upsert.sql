-- Where an asset's sidecar is. $1 asset, $2 path.
INSERT INTO asset_file ("assetId", type, path) VALUES ($1, 'sidecar', $2)
ON CONFLICT ("assetId", type, "isEdited") DO UPDATE SET path = excluded.path
