-- A user's tags by their full paths. $1 user, $2 values.
SELECT id FROM tag WHERE "userId" = $1 AND value = ANY ($2::text[])
