-- Whom to write to. $1 user.
SELECT email, name FROM "user" WHERE id = $1 AND "deletedAt" IS NULL
