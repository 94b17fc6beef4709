-- Assets of a user per day on which they were taken, local time. $1 user, $2 first moment, $3 moment after the last.
SELECT ("localDateTime" AT TIME ZONE 'UTC')::date AS day, count(*)
FROM asset
WHERE "ownerId" = $1 AND "deletedAt" IS NULL AND "localDateTime" >= $2 AND "localDateTime" < $3
GROUP BY day
