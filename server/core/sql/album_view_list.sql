-- Albums as answers show them, in the given order. $1 uuid[] albums.
SELECT al.id, al."albumName", al.description, al."albumThumbnailAssetId", al."createdAt", al."updatedAt",
       al."isActivityEnabled", al."order", counts.assets, counts.start_at, counts.end_at, counts.modified_at,
       EXISTS (SELECT FROM shared_link l WHERE l."albumId" = al.id) AS has_link
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN album al ON al.id = wanted.id AND al."deletedAt" IS NULL
CROSS JOIN LATERAL (
  SELECT count(*) AS assets, min(a."localDateTime") AS start_at, max(a."localDateTime") AS end_at,
         max(a."updatedAt") AS modified_at
  FROM album_asset aa
  JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
  WHERE aa."albumId" = al.id
) counts
ORDER BY wanted.position
