-- A value of a user's key/value store. $1 user, $2 key.
SELECT value FROM user_metadata WHERE "userId" = $1 AND key = $2
