-- Ends the elevation of all sessions of a user. $1 user.
UPDATE session SET "pinExpiresAt" = NULL WHERE "userId" = $1 AND "pinExpiresAt" IS NOT NULL
