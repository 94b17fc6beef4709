-- Sets the PIN code of a user without one; no row when there is one. $1 user, $2 hash.
UPDATE "user" SET "pinCode" = $2 WHERE id = $1 AND "pinCode" IS NULL AND "deletedAt" IS NULL
RETURNING id
