-- Gives an API key of a user a new secret. $1 key's id, $2 user, $3 SHA-256 of the secret.
UPDATE api_key SET key = $3 WHERE id = $1 AND "userId" = $2
RETURNING id, name, permissions, "createdAt", "updatedAt"
