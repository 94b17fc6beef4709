-- Notes how far a session has come. $1 session, $2 text[] entities, $3 text[] acknowledgements.
INSERT INTO session_sync_checkpoint ("sessionId", type, ack)
SELECT $1, a.type, a.ack FROM unnest($2::text[], $3::text[]) AS a (type, ack)
ON CONFLICT ("sessionId", type) DO UPDATE SET ack = excluded.ack
