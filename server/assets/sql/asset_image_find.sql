-- What serving a made image needs. $1 asset, $2 kind of file, $3 whether the edited form is wanted.
SELECT a."ownerId", a.visibility, a."originalPath", a."originalFileName", a."isEdited",
       coalesce((SELECT f.path FROM asset_file f WHERE f."assetId" = a.id AND f.type = $2 AND f."isEdited" AND $3::boolean),
                (SELECT f.path FROM asset_file f WHERE f."assetId" = a.id AND f.type = $2 AND NOT f."isEdited"))
FROM asset a
WHERE a.id = $1
