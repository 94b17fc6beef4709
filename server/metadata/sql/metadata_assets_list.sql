-- Assets to read metadata of. $1 all, or only those never read.
SELECT a.id FROM asset a LEFT JOIN asset_job_status s ON s."assetId" = a.id
WHERE a."deletedAt" IS NULL AND ($1::boolean OR s."metadataExtractedAt" IS NULL)
