-- How many of these notifications belong to a user. $1 user, $2 uuid[] notifications.
SELECT count(*) FROM notification WHERE "userId" = $1 AND id = ANY($2::uuid[]) AND "deletedAt" IS NULL
