-- The unfinished move of a file. $1 entity, $2 path type.
SELECT id, "oldPath", "newPath" FROM move_history WHERE "entityId" = $1 AND "pathType" = $2
