-- When a session and its elevation end. $1 session.
SELECT "expiresAt", "pinExpiresAt" FROM session WHERE id = $1
