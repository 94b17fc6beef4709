-- A value of the system's key/value store. $1 key.
SELECT value FROM system_metadata WHERE key = $1
