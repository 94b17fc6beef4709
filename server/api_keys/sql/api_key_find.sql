-- An API key of a user. $1 key's id, $2 user.
SELECT id, name, permissions, "createdAt", "updatedAt" FROM api_key WHERE id = $1 AND "userId" = $2
