-- Announces a move before the file is touched; no row when the new path is announced by another file's move.
-- $1 entity, $2 path type, $3 old path, $4 new path.
INSERT INTO move_history ("entityId", "pathType", "oldPath", "newPath") VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING id
