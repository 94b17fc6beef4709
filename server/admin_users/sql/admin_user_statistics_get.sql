-- Number of assets by type. $1 owner, $2 visibility or null for timeline and archive, $3 favorite or null, $4 trashed.
SELECT count(*) FILTER (WHERE type = 'IMAGE'), count(*) FILTER (WHERE type = 'VIDEO')
FROM asset
WHERE "ownerId" = $1
  AND CASE WHEN $2::text IS NULL THEN visibility IN ('timeline', 'archive') ELSE visibility::text = $2 END
  AND ($3::boolean IS NULL OR "isFavorite" = $3)
  AND ("deletedAt" IS NOT NULL) = $4::boolean
