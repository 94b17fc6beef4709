-- The newest picture of up to twelve cities of a user; cities with fewer than five assets of anybody are left out.
-- $1 user.
SELECT shown.id, shown.city
FROM (
  SELECT DISTINCT ON (e.city) a.id, e.city
  FROM asset a
  JOIN asset_exif e ON e."assetId" = a.id
  WHERE a."ownerId" = $1 AND a.visibility = 'timeline' AND a.type = 'IMAGE' AND a."deletedAt" IS NULL
    AND e.city <> ''
  ORDER BY e.city, a."fileCreatedAt" DESC
) shown
WHERE (SELECT count(*) FROM (SELECT FROM asset_exif same WHERE same.city = shown.city LIMIT 5) AS few) = 5
ORDER BY shown.city
LIMIT 12
