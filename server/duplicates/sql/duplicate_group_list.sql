-- The assets of a user's groups, group by group. $1 owner.
SELECT a."duplicateId", a.id
FROM asset a
WHERE a."ownerId" = $1 AND a."duplicateId" IS NOT NULL AND a."deletedAt" IS NULL AND a."stackId" IS NULL
  AND a.visibility IN ('timeline', 'archive')
ORDER BY max(a."localDateTime") OVER (PARTITION BY a."duplicateId") DESC, a."duplicateId", a."localDateTime", a.id
