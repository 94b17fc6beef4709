-- Assets among the given that a partner shares with the user. $1 uuid[] assets, $2 user.
SELECT a.id
FROM asset a
JOIN partner p ON p."sharedById" = a."ownerId" AND p."sharedWithId" = $2
JOIN "user" u ON u.id = a."ownerId" AND u."deletedAt" IS NULL
WHERE a.id = ANY($1::uuid[]) AND a.visibility IN ('timeline', 'hidden') AND a."deletedAt" IS NULL
