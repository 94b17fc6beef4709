-- Whether there is such a user to share with. $1 user.
SELECT 1 FROM "user" WHERE id = $1 AND "deletedAt" IS NULL
