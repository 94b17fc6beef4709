-- Ends groups of which one asset is left. $1 owner.
UPDATE asset SET "duplicateId" = NULL
WHERE "ownerId" = $1 AND "duplicateId" IN (
  SELECT a."duplicateId" FROM asset a
  WHERE a."ownerId" = $1 AND a."duplicateId" IS NOT NULL AND a."deletedAt" IS NULL AND a."stackId" IS NULL
    AND a.visibility IN ('timeline', 'archive')
  GROUP BY a."duplicateId" HAVING count(*) = 1)
