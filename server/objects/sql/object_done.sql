-- Notes that a picture was looked at. $1 asset, $2 model.
INSERT INTO plus.asset_object_status ("assetId", model) VALUES ($1, $2)
ON CONFLICT ("assetId") DO UPDATE SET model = EXCLUDED.model, "detectedAt" = now()
