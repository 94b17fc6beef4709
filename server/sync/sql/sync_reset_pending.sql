-- Whether a session has to begin anew. $1 session.
SELECT "isPendingSyncReset" FROM session WHERE id = $1
