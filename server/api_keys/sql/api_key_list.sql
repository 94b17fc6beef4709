-- API keys of a user, newest first. $1 user.
SELECT id, name, permissions, "createdAt", "updatedAt" FROM api_key WHERE "userId" = $1 ORDER BY "createdAt" DESC, id
