-- Sets a value of a user's key/value store. $1 user, $2 key, $3 JSON.
INSERT INTO user_metadata ("userId", key, value) VALUES ($1, $2, $3::jsonb)
ON CONFLICT ("userId", key) DO UPDATE SET value = excluded.value
