-- Asks the client of a user's session to synchronise from scratch, or takes that back. $1 session, $2 user, $3 whether.
UPDATE session SET "isPendingSyncReset" = $3 WHERE id = $1 AND "userId" = $2
RETURNING id, "createdAt", "updatedAt", "deviceType", "deviceOS", "appVersion", "expiresAt", "isPendingSyncReset"
