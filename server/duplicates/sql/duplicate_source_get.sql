-- What a duplicate-detection job needs to know of its asset. $1 asset.
SELECT a."ownerId", a.type, a.visibility::text, a."stackId" IS NOT NULL, a."duplicateId", s.embedding::text
FROM asset a
LEFT JOIN smart_search s ON s."assetId" = a.id
WHERE a.id = $1 AND a."deletedAt" IS NULL
