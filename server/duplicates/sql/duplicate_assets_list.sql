-- Assets to compare: all with a vector, or those that were not. $1 all.
SELECT a.id
FROM asset a
JOIN smart_search v ON v."assetId" = a.id
LEFT JOIN asset_job_status s ON s."assetId" = a.id
WHERE a."deletedAt" IS NULL AND a."stackId" IS NULL AND a.visibility IN ('timeline', 'archive')
  AND ($1::boolean OR s."duplicatesDetectedAt" IS NULL)
