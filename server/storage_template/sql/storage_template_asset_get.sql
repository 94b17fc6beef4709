-- What a storage template is filled with, and the still a live photo's video belongs to. The album is the newest of the
-- owner's own. $1 asset, $2 whether the album's dates are wanted.
SELECT a."ownerId", a.type, a."originalPath", a."originalFileName", a."fileCreatedAt", a."isExternal",
       CASE WHEN a."checksumAlgorithm" = 'sha1' THEN a.checksum END AS sha1, a."livePhotoVideoId",
       coalesce(u."storageLabel", '') AS label, e."fileSizeInByte", coalesce(e.make, '') AS make,
       coalesce(e.model, '') AS model, coalesce(e."lensModel", '') AS lens, f.path AS sidecar, album."albumName",
       album.first_date, album.last_date,
       (SELECT s.id FROM asset s WHERE s."livePhotoVideoId" = a.id AND s."deletedAt" IS NULL LIMIT 1) AS still
FROM asset a
JOIN "user" u ON u.id = a."ownerId"
LEFT JOIN asset_exif e ON e."assetId" = a.id
LEFT JOIN asset_file f ON f."assetId" = a.id AND f.type = 'sidecar' AND NOT f."isEdited"
LEFT JOIN LATERAL (
  SELECT al."albumName", dates.first_date, dates.last_date
  FROM album_asset aa
  JOIN album al ON al.id = aa."albumId" AND al."deletedAt" IS NULL
  JOIN album_user au ON au."albumId" = al.id AND au."userId" = a."ownerId" AND au.role = 'owner'
  LEFT JOIN LATERAL (
    SELECT min(m."localDateTime") AS first_date, max(m."localDateTime") AS last_date
    FROM album_asset ma JOIN asset m ON m.id = ma."assetId" AND m."deletedAt" IS NULL
    WHERE ma."albumId" = al.id AND $2::boolean
  ) dates ON true
  WHERE aa."assetId" = a.id
  ORDER BY al."createdAt" DESC
  LIMIT 1
) album ON true
WHERE a.id = $1 AND a."deletedAt" IS NULL
