-- Any remaining face becomes the feature of those persons whose own does not show them any more, or who have none.
-- Answers who got one. $1 persons.
UPDATE person p SET "faceAssetId" = (
  SELECT f.id FROM asset_face f
  JOIN asset a ON a.id = f."assetId"
  WHERE f."personId" = p.id AND f."deletedAt" IS NULL
  ORDER BY f."isVisible" DESC, a."deletedAt" IS NOT NULL, random()
  LIMIT 1)
WHERE p.id = ANY ($1::uuid[])
  AND NOT EXISTS (SELECT FROM asset_face f WHERE f.id = p."faceAssetId" AND f."personId" = p.id AND f."deletedAt" IS NULL)
RETURNING p.id, p."faceAssetId"
