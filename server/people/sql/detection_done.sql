-- Notes that a picture was looked at. $1 asset.
INSERT INTO asset_job_status ("assetId", "facesRecognizedAt") VALUES ($1, now())
ON CONFLICT ("assetId") DO UPDATE SET "facesRecognizedAt" = EXCLUDED."facesRecognizedAt"
