-- Stacks of a user, newest first. $1 owner, $2 asset on top or null for all.
SELECT id FROM stack WHERE "ownerId" = $1 AND ($2::uuid IS NULL OR "primaryAssetId" = $2) ORDER BY "createdAt" DESC, id
