-- Accounts to remove: deleted long enough ago, or at once and not gone yet. $1 moment before which a deletion is final.
SELECT id FROM "user" WHERE "deletedAt" IS NOT NULL AND (status = 'removing' OR "deletedAt" <= $1)
