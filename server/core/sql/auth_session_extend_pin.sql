-- Slides the end of a session's elevated permission. $1 session, $2 new end.
UPDATE session SET "pinExpiresAt" = $2 WHERE id = $1
