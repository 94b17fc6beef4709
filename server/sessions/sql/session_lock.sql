-- Ends the elevation of a user's session. $1 session, $2 user.
UPDATE session SET "pinExpiresAt" = NULL WHERE id = $1 AND "userId" = $2
RETURNING id
