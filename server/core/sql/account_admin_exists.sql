-- Whether there is an administrator.
SELECT EXISTS (SELECT FROM "user" WHERE "isAdmin" AND "deletedAt" IS NULL)
