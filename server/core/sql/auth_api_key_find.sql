-- The API key of a secret with its user. $1 SHA-256 of the secret.
SELECT k.id, k.permissions, u.id, u.name, u.email, u."isAdmin", u."quotaSizeInBytes"
FROM api_key k
JOIN "user" u ON u.id = k."userId" AND u."deletedAt" IS NULL
WHERE k.key = $1
