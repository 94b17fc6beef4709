-- Deletes a marked asset and gives its bytes back to the owner's quota; external files did not count. $1 asset.
WITH gone AS (
  DELETE FROM asset WHERE id = $1 AND status = 'deleted' RETURNING "ownerId", "originalPath", "libraryId"
), quota AS (
  UPDATE "user" u
  SET "quotaUsageInBytes" = greatest(0, u."quotaUsageInBytes" - e."fileSizeInByte")
  FROM gone, asset_exif e
  WHERE u.id = gone."ownerId" AND gone."libraryId" IS NULL AND e."assetId" = $1 AND e."fileSizeInByte" > 0
)
SELECT "ownerId", "originalPath" FROM gone
