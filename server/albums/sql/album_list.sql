-- Albums of a user with what the list shows, newest first. $1 user, $2 album or null, $3 asset or null (then the other
-- filters are off), $4 owned or null, $5 shared or null, $6 exact name or null.
SELECT al.id, al."albumName", al.description, al."albumThumbnailAssetId", al."createdAt", al."updatedAt",
       al."isActivityEnabled", al."order", counts.assets, counts.start_at, counts.end_at, counts.modified_at,
       sharing.members > 1, sharing.has_link
FROM album al
JOIN album_user me ON me."albumId" = al.id AND me."userId" = $1
CROSS JOIN LATERAL (
  SELECT count(*) AS assets, min(a."localDateTime") AS start_at, max(a."localDateTime") AS end_at,
         max(a."updatedAt") AS modified_at
  FROM album_asset aa
  JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
  WHERE aa."albumId" = al.id
) counts
CROSS JOIN LATERAL (
  SELECT (SELECT count(*) FROM album_user au WHERE au."albumId" = al.id) AS members,
         EXISTS (SELECT FROM shared_link l WHERE l."albumId" = al.id) AS has_link
) sharing
WHERE al."deletedAt" IS NULL
  AND ($2::uuid IS NULL OR al.id = $2)
  AND CASE WHEN $3::uuid IS NOT NULL
      THEN EXISTS (SELECT FROM album_asset aa WHERE aa."albumId" = al.id AND aa."assetId" = $3)
      ELSE ($4::boolean IS NULL OR (me.role = 'owner') = $4)
       AND ($5::boolean IS NULL OR (sharing.members > 1 OR sharing.has_link) = $5)
       AND ($6::text IS NULL OR al."albumName" = $6) END
ORDER BY al."createdAt" DESC, al.id
