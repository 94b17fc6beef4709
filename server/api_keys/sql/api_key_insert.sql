-- Makes an API key. $1 SHA-256 of the secret, $2 user, $3 name, $4 text[] permissions.
INSERT INTO api_key (key, "userId", name, permissions) VALUES ($1, $2, $3, $4)
RETURNING id, name, permissions, "createdAt", "updatedAt"
