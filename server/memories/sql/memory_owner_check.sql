-- Whether a memory belongs to a user. $1 memory, $2 owner.
SELECT 1 FROM memory WHERE id = $1 AND "ownerId" = $2
