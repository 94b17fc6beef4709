-- What a live public link tells before anybody opens it. $1 key bytes or null, $2 slug or null.
-- `hasPassword`; for albums the name and the cover (the newest photo where it has none), else the first photo; photos not in the trash.
SELECT l.key, COALESCE(l.password, '') <> '' AS "hasPassword", l.description, a."albumName", shown.count,
       COALESCE(cover.id, shown.first) AS "coverId"
FROM shared_link l
JOIN "user" u ON u.id = l."userId" AND u."deletedAt" IS NULL
LEFT JOIN album a ON a.id = l."albumId"
LEFT JOIN LATERAL (
  SELECT s.id
  FROM album_asset aa
  JOIN asset s ON s.id = aa."assetId" AND s."deletedAt" IS NULL
  WHERE aa."albumId" = a.id AND aa."assetId" = a."albumThumbnailAssetId"
) cover ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS count, (array_agg(s.id ORDER BY s."fileCreatedAt" DESC))[1] AS first
  FROM asset s
  WHERE s."deletedAt" IS NULL
    AND s.id IN (
      SELECT "assetId" FROM album_asset WHERE "albumId" = l."albumId"
      UNION ALL
      SELECT "assetId" FROM shared_link_asset WHERE "sharedLinkId" = l.id
    )
) shown
WHERE (l.key = $1 OR l.slug = $2)
  AND (l."expiresAt" IS NULL OR l."expiresAt" > now())
  AND a."deletedAt" IS NULL
