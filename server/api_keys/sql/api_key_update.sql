-- Changes an API key of a user; null leaves. $1 key's id, $2 user, $3 name, $4 text[] permissions.
UPDATE api_key SET name = coalesce($3::text, name), permissions = coalesce($4::varchar[], permissions)
WHERE id = $1 AND "userId" = $2
RETURNING id, name, permissions, "createdAt", "updatedAt"
