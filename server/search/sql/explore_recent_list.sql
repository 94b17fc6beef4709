-- The twelve latest uploads of a user. $1 user.
SELECT a.id
FROM asset a
WHERE a."ownerId" = $1 AND a.visibility = 'timeline' AND a.type = 'IMAGE' AND a."deletedAt" IS NULL
ORDER BY a."createdAt" DESC
LIMIT 12
