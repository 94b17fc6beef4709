-- Files of assets in the order given; the edited full-size file when wanted and there. $1 uuid[] assets, $2 edited.
SELECT a.id, a."originalFileName", coalesce(f.path, a."originalPath"), e."fileSizeInByte", a."livePhotoVideoId"
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN asset a ON a.id = wanted.id
LEFT JOIN asset_exif e ON e."assetId" = a.id
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'fullsize' AND f."isEdited" AND $2::boolean
ORDER BY wanted.position
