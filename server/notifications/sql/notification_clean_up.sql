-- Removes what was deleted three days ago, read 30 days ago or made 90 days ago.
DELETE FROM notification
WHERE "deletedAt" < now() - interval '3 days' OR "readAt" < now() - interval '30 days'
   OR "createdAt" < now() - interval '90 days'
