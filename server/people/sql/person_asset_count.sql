-- How many pictures in the timeline show a person. $1 person.
SELECT count(DISTINCT a.id)
FROM asset_face f
JOIN asset a ON a.id = f."assetId"
WHERE f."personId" = $1 AND f."deletedAt" IS NULL AND f."isVisible"
  AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
