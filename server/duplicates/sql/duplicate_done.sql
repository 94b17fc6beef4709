-- Notes that assets were compared. $1 assets.
INSERT INTO asset_job_status ("assetId", "duplicatesDetectedAt")
SELECT a.id, now() FROM asset a WHERE a.id = ANY ($1::uuid[])
ON CONFLICT ("assetId") DO UPDATE SET "duplicatesDetectedAt" = EXCLUDED."duplicatesDetectedAt"
