-- A session begins anew. $1 session.
WITH begun AS (
  UPDATE session SET "isPendingSyncReset" = false WHERE id = $1 AND "isPendingSyncReset"
)
DELETE FROM session_sync_checkpoint WHERE "sessionId" = $1
