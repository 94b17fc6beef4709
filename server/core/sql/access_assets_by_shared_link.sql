-- Assets among the given that a shared link shows, singly or through its album, with their live-photo videos. $1 uuid[] assets, $2 link.
WITH shown AS (
  SELECT a.id, a."livePhotoVideoId"
  FROM shared_link_asset s
  JOIN asset a ON a.id = s."assetId" AND a."deletedAt" IS NULL
  WHERE s."sharedLinkId" = $2
  UNION
  SELECT a.id, a."livePhotoVideoId"
  FROM shared_link l
  JOIN album al ON al.id = l."albumId" AND al."deletedAt" IS NULL
  JOIN album_asset aa ON aa."albumId" = al.id
  JOIN asset a ON a.id = aa."assetId" AND a."deletedAt" IS NULL
  WHERE l.id = $2 AND (a.id = ANY($1::uuid[]) OR a."livePhotoVideoId" = ANY($1::uuid[]))
)
SELECT id FROM shown WHERE id = ANY($1::uuid[])
UNION
SELECT "livePhotoVideoId" FROM shown WHERE "livePhotoVideoId" = ANY($1::uuid[])
