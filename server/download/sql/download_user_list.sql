-- Everything a user has outside trash and locked folder. $1 user.
SELECT a.id
FROM asset a
WHERE a."ownerId" = $1 AND a."deletedAt" IS NULL AND a.visibility NOT IN ('hidden', 'locked')
ORDER BY a."fileCreatedAt" DESC, a.id
