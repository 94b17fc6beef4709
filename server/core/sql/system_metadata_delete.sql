-- Removes a value of the system's key/value store. $1 key.
DELETE FROM system_metadata WHERE key = $1
