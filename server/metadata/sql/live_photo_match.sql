-- The other part of a live photo. $1 asset, $2 owner, $3 library or null, $4 type of the other part, $5 live photo id.
SELECT a.id
FROM asset_exif e JOIN asset a ON a.id = e."assetId"
WHERE e."livePhotoCID" = $5 AND a."ownerId" = $2 AND a."libraryId" IS NOT DISTINCT FROM $3 AND a.type = $4 AND a.id <> $1
  AND a.status <> 'deleted'
ORDER BY a."createdAt", a.id
LIMIT 1
