-- Makes a deletion irrevocable and tells what there is to delete; no row when the asset is gone or was taken out of the
-- trash. Files of offline assets stay, also those of a library that is being removed; who purges without touching the disk
-- makes the asset offline, so that a later run keeps to it. $1 asset, $2 whether its files go too, $3 trashed at the latest.
WITH due AS (
  SELECT a.id
  FROM asset a
  WHERE a.id = $1
    AND (NOT $2::boolean OR a."deletedAt" <= $3 OR (a.status = 'deleted' AND a."deletedAt" IS NOT NULL)
         OR (a.type = 'VIDEO' AND a.visibility = 'hidden'
             AND NOT EXISTS (SELECT FROM asset s WHERE s."livePhotoVideoId" = a.id)))
  FOR UPDATE
), marked AS (
  UPDATE asset
  SET status = 'deleted', "deletedAt" = coalesce("deletedAt", now()), "isOffline" = "isOffline" OR NOT $2::boolean
  FROM due
  WHERE asset.id = due.id
    AND (status <> 'deleted' OR "deletedAt" IS NULL OR (NOT $2::boolean AND NOT "isOffline"))
)
SELECT a."originalPath", a."isExternal", a."livePhotoVideoId",
       $2::boolean AND NOT a."isOffline" AND (a."libraryId" IS NULL OR l."deletedAt" IS NULL) AS removes_original,
       coalesce((SELECT f.path FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'sidecar' LIMIT 1), '') AS sidecar,
       ARRAY(SELECT f.path FROM asset_file f WHERE f."assetId" = a.id AND f.type <> 'sidecar')::text[] AS generated
FROM due
JOIN asset a ON a.id = due.id
LEFT JOIN library l ON l.id = a."libraryId"
