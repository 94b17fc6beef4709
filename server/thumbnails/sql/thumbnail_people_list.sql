-- Persons who need a picture: those with a feature face, or those of them without a picture. $1 all.
SELECT p.id
FROM person p
WHERE p."faceAssetId" IS NOT NULL AND ($1::boolean OR p."thumbnailPath" = '')
