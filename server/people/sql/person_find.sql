-- Persons of a user by their ids. $1 ids, $2 owner.
SELECT p.id, p.name, p."birthDate", p."thumbnailPath", p."isHidden", p."isFavorite", p.color, p."updatedAt",
       p."faceAssetId"
FROM person p
WHERE p.id = ANY ($1::uuid[]) AND p."ownerId" = $2
