-- What playing a video needs: the transcoded file when there is one. $1 asset.
SELECT a."ownerId", a.visibility, coalesce(f.path, a."originalPath"), a.type
FROM asset a
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'encoded_video' AND NOT f."isEdited"
WHERE a.id = $1
