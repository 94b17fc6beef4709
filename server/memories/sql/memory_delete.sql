-- Deletes a memory; its assets stay. $1 memory.
DELETE FROM memory WHERE id = $1
