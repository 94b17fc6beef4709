-- The hashes of a live account; empty when there is none. $1 user.
SELECT password, coalesce("pinCode", '') FROM "user" WHERE id = $1 AND "deletedAt" IS NULL
