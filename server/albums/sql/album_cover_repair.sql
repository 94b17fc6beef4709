-- Gives albums without a valid cover their first asset, and none when they are empty. $1 uuid[] albums.
UPDATE album al
SET "albumThumbnailAssetId" = wanted.cover
FROM (
  SELECT a.id,
         (SELECT aa."assetId" FROM album_asset aa JOIN asset s ON s.id = aa."assetId" AND s."deletedAt" IS NULL
          WHERE aa."albumId" = a.id ORDER BY s."fileCreatedAt" DESC LIMIT 1) AS cover
  FROM album a
  WHERE a.id = ANY($1::uuid[])
    AND NOT EXISTS (SELECT FROM album_asset aa JOIN asset s ON s.id = aa."assetId" AND s."deletedAt" IS NULL
                    WHERE aa."albumId" = a.id AND aa."assetId" = a."albumThumbnailAssetId")
) wanted
WHERE al.id = wanted.id AND al."albumThumbnailAssetId" IS DISTINCT FROM wanted.cover
RETURNING al.id, al."albumThumbnailAssetId"
