-- Marks everything in the trash for deletion. $1 owner.
UPDATE asset SET status = 'deleted' WHERE "ownerId" = $1 AND "deletedAt" IS NOT NULL AND status <> 'deleted' RETURNING id
