-- Faces in a picture with their persons, left to right. $1 asset.
SELECT f.id, f."boundingBoxX1", f."boundingBoxY1", f."boundingBoxX2", f."boundingBoxY2", f."imageWidth", f."imageHeight",
       f."sourceType"::text, p."ownerId",
       p.id AS person, p.name, p."birthDate", p."thumbnailPath", p."isHidden", p."isFavorite", p.color, p."updatedAt"
FROM asset_face f
LEFT JOIN person p ON p.id = f."personId"
WHERE f."assetId" = $1 AND f."deletedAt" IS NULL AND f."isVisible"
ORDER BY f."boundingBoxX1", f.id
