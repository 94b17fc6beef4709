-- Path of a user's picture, empty without one. $1 user.
SELECT "profileImagePath" FROM "user" WHERE id = $1 AND "deletedAt" IS NULL
