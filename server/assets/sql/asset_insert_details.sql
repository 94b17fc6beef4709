-- The rows every new asset has beside its own. $1 asset, $2 file size in bytes.
WITH job_status AS (INSERT INTO asset_job_status ("assetId") VALUES ($1))
INSERT INTO asset_exif ("assetId", "fileSizeInByte") VALUES ($1, $2)
