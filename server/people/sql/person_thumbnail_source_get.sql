-- What a person's picture is cut from. $1 person.
SELECT p."ownerId", p."thumbnailPath", f."boundingBoxX1", f."boundingBoxY1", f."boundingBoxX2", f."boundingBoxY2",
       f."imageWidth", f."imageHeight", a.type, a."originalPath", preview.path
FROM person p
JOIN asset_face f ON f.id = p."faceAssetId"
JOIN asset a ON a.id = f."assetId"
LEFT JOIN asset_file preview ON preview."assetId" = a.id AND preview.type = 'preview' AND NOT preview."isEdited"
WHERE p.id = $1
