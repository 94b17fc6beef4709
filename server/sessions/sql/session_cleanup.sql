-- Deletes sessions that ended or were not used for a long time. $1 last use before which they go.
DELETE FROM session WHERE "updatedAt" <= $1 OR "expiresAt" <= now()
