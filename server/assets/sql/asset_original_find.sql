-- What serving an original needs; the edited full-size file when there is one. $1 asset.
SELECT a."ownerId", a.visibility, a."originalPath", a."originalFileName", a."isEdited", f.path
FROM asset a
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'fullsize' AND f."isEdited"
WHERE a.id = $1
