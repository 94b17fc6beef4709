-- What serving several made images needs, in the order of the arrays. $1 assets (uuid[]), $2 kinds of file (text[]),
-- $3 whether the edited form is wanted ('t' or 'f', text[]).
SELECT w.position, a."ownerId", a.visibility, a."originalPath", a."originalFileName", a."isEdited",
       coalesce((SELECT f.path FROM asset_file f
                 WHERE f."assetId" = a.id AND f.type = w.kind AND f."isEdited" AND w.edited = 't'),
                (SELECT f.path FROM asset_file f WHERE f."assetId" = a.id AND f.type = w.kind AND NOT f."isEdited"))
FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS w(id, kind, edited, position)
JOIN asset a ON a.id = w.id
