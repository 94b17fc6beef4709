-- A user's tags by their full paths, in the order of the paths. $1 user, $2 values.
SELECT id FROM tag WHERE "userId" = $1 AND value = ANY ($2::text[]) ORDER BY array_position($2::text[], value::text)
