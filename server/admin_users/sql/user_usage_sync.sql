-- Counts again what accounts use: files they uploaded, not those of external libraries. Rows that are right are left
-- alone, so clients have nothing to synchronise. $1 the only account or null for all.
UPDATE "user" u SET "quotaUsageInBytes" = counted.bytes
FROM (
  SELECT owner.id, coalesce(sum(e."fileSizeInByte"), 0)::bigint AS bytes
  FROM "user" owner
  LEFT JOIN asset a ON a."ownerId" = owner.id AND a."libraryId" IS NULL
  LEFT JOIN asset_exif e ON e."assetId" = a.id
  WHERE $1::uuid IS NULL OR owner.id = $1
  GROUP BY owner.id
) counted
WHERE u.id = counted.id AND u."quotaUsageInBytes" <> counted.bytes
