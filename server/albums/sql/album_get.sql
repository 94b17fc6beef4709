-- One album with what the list shows, whoever asks. $1 album.
SELECT al.id, al."albumName", al.description, al."albumThumbnailAssetId", al."createdAt", al."updatedAt",
       al."isActivityEnabled", al."order", counts.assets, counts.start_at, counts.end_at, counts.modified_at,
       (SELECT count(*) FROM album_user au WHERE au."albumId" = al.id) > 1,
       EXISTS (SELECT FROM shared_link l WHERE l."albumId" = al.id)
FROM album al
CROSS JOIN LATERAL (
  SELECT count(*) AS assets, min(a."localDateTime") AS start_at, max(a."localDateTime") AS end_at,
         max(a."updatedAt") AS modified_at
  FROM album_asset aa
  JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
  WHERE aa."albumId" = al.id
) counts
WHERE al.id = $1 AND al."deletedAt" IS NULL
