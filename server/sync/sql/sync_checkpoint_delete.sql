-- Forgets what a session acknowledged. $1 session, $2 text[] entities or null for all.
DELETE FROM session_sync_checkpoint WHERE "sessionId" = $1 AND ($2::text[] IS NULL OR type = ANY($2::text[]))
