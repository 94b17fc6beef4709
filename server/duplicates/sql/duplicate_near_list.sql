-- Assets that look like one. $1 asset, $2 owner, $3 type, $4 vector literal, $5 greatest distance.
WITH near AS MATERIALIZED (
  SELECT a.id, a."duplicateId", s.embedding <=> ($4::text)::vector AS distance
  FROM smart_search s
  JOIN asset a ON a.id = s."assetId"
  WHERE a."ownerId" = $2 AND a.type = $3 AND a.id <> $1 AND a."deletedAt" IS NULL AND a."stackId" IS NULL
    AND a.visibility IN ('timeline', 'archive')
  ORDER BY distance
  LIMIT 64
)
SELECT near.id, near."duplicateId" FROM near WHERE near.distance <= $5::float8 ORDER BY near.distance, near.id
