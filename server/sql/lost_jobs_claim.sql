-- Assets without metadata or thumbnail, noted as tried, oldest first; the pause between two tries of one grows with their
-- square in minutes. $1, $2 creation: from, before; $3 tries, $4 how many at most.
WITH found AS (
  SELECT a.id, s."metadataExtractedAt" IS NULL AS lacks_metadata, a."libraryId" IS NOT NULL AS is_imported
  FROM asset a
  LEFT JOIN asset_job_status s ON s."assetId" = a.id
  LEFT JOIN plus.lost_job l ON l.asset_id = a.id
  WHERE a."createdAt" >= $1::timestamptz AND a."createdAt" < $2::timestamptz
    AND a."deletedAt" IS NULL AND NOT a."isOffline"
    AND (s."metadataExtractedAt" IS NULL OR (a.thumbhash IS NULL AND a.visibility <> 'hidden'))
    AND (l.tries IS NULL
         OR (l.tries < $3::integer AND l.tried_at < clock_timestamp() - l.tries * l.tries * interval '1 minute'))
  ORDER BY a."createdAt"
  LIMIT $4::integer
), noted AS (
  INSERT INTO plus.lost_job AS l (asset_id)
  SELECT id FROM found
  ON CONFLICT (asset_id) DO UPDATE SET tries = l.tries + 1, tried_at = clock_timestamp()
)
SELECT id, lacks_metadata, is_imported FROM found
