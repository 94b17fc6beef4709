-- Brings assets back from the trash. $1 owner, $2 uuid[] assets or null for all.
UPDATE asset
SET "deletedAt" = NULL, status = 'active'
WHERE "ownerId" = $1 AND "deletedAt" IS NOT NULL AND status <> 'deleted' AND NOT "isOffline"
  AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[]))
RETURNING id
