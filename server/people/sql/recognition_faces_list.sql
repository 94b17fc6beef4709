-- Faces that belong to nobody yet.
SELECT f.id
FROM asset_face f
JOIN face_search s ON s."faceId" = f.id
JOIN asset a ON a.id = f."assetId"
WHERE f."personId" IS NULL AND f."sourceType" = 'machine-learning' AND f."deletedAt" IS NULL
  AND a."deletedAt" IS NULL
