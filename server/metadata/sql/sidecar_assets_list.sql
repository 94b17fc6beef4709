-- Assets to look for a sidecar of. $1 all, or only those without one.
SELECT a.id FROM asset a
WHERE a."deletedAt" IS NULL
  AND ($1::boolean OR NOT EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'sidecar'))
