-- Deletes an API key of a user. $1 key's id, $2 user.
DELETE FROM api_key WHERE id = $1 AND "userId" = $2
