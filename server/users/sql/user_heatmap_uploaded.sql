-- Assets of a user per UTC day of their upload. $1 user, $2 first moment, $3 moment after the last.
SELECT ("createdAt" AT TIME ZONE 'UTC')::date AS day, count(*)
FROM asset
WHERE "ownerId" = $1 AND "deletedAt" IS NULL AND "createdAt" >= $2 AND "createdAt" < $3
GROUP BY day
