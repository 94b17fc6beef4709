-- The rows a new motion video has beside its own, and its share of the owner's quota. $1 asset, $2 bytes, $3 owner,
-- $4 whether it counts.
WITH job_status AS (
  INSERT INTO asset_job_status ("assetId") VALUES ($1) ON CONFLICT DO NOTHING
), quota AS (
  UPDATE "user" SET "quotaUsageInBytes" = "quotaUsageInBytes" + $2 WHERE id = $3 AND $4::boolean
)
INSERT INTO asset_exif ("assetId", "fileSizeInByte") VALUES ($1, $2) ON CONFLICT DO NOTHING
