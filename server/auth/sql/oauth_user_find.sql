-- The account of a provider's user: by subject, else by e-mail address. $1 subject, $2 e-mail address in lower case, may be empty.
SELECT id, "oauthId"
FROM "user"
WHERE "deletedAt" IS NULL AND ("oauthId" = $1 OR (email = $2 AND $2 <> ''))
ORDER BY "oauthId" = $1 DESC
LIMIT 1
