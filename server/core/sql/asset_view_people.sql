-- Persons with a visible face on assets, each once an asset. $1 uuid[] assets, $2 the viewer: persons belong to a user.
SELECT DISTINCT ON (f."assetId", p.id)
       f."assetId", p.id, p.name, p."birthDate", p."thumbnailPath", p."isHidden", p."isFavorite", p.color, p."updatedAt"
FROM asset_face f
JOIN person p ON p.id = f."personId" AND p."ownerId" = $2
WHERE f."assetId" = ANY($1::uuid[]) AND f."deletedAt" IS NULL AND f."isVisible"
ORDER BY f."assetId", p.id
