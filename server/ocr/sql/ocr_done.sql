-- Notes that a picture was read. $1 asset.
INSERT INTO asset_job_status ("assetId", "ocrAt") VALUES ($1, now())
ON CONFLICT ("assetId") DO UPDATE SET "ocrAt" = EXCLUDED."ocrAt"
