-- A face to recognise. $1 face.
SELECT a."ownerId", f."personId", f."sourceType"::text, a.visibility::text, a."fileCreatedAt", s.embedding::text
FROM asset_face f
JOIN asset a ON a.id = f."assetId"
LEFT JOIN face_search s ON s."faceId" = f.id
WHERE f.id = $1 AND f."deletedAt" IS NULL AND a."deletedAt" IS NULL
