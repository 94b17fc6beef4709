-- What a session acknowledged. $1 session.
SELECT type, ack FROM session_sync_checkpoint WHERE "sessionId" = $1 ORDER BY type
