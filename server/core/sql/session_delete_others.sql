-- Ends the sessions of a user but one; answers their ids. $1 user, $2 session that stays or null.
DELETE FROM session WHERE "userId" = $1 AND ($2::uuid IS NULL OR id <> $2)
RETURNING id
