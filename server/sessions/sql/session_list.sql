-- Live sessions of a user, most recently used first. $1 user.
SELECT id, "createdAt", "updatedAt", "deviceType", "deviceOS", "appVersion", "expiresAt", "isPendingSyncReset"
FROM session
WHERE "userId" = $1 AND ("expiresAt" IS NULL OR "expiresAt" > now())
ORDER BY "updatedAt" DESC, id
