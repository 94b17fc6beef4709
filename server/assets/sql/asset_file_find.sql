-- One file and the asset it belongs to. $1 file.
SELECT id, type, path, "isEdited", "isProgressive", "isTransparent", "createdAt", "updatedAt", "assetId"
FROM asset_file
WHERE id = $1
