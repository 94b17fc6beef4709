-- Sets a value of the system's key/value store. $1 key, $2 JSON.
INSERT INTO system_metadata (key, value) VALUES ($1, $2::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
