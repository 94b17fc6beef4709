-- Elevates a session or ends that. $1 session, $2 end of the elevation or null.
UPDATE session SET "pinExpiresAt" = $2 WHERE id = $1
