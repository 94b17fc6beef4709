-- How many users there are, without deleted ones.
SELECT count(*) FROM "user" WHERE "deletedAt" IS NULL
