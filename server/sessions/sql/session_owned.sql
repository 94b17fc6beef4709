-- Whether a session belongs to a user. $1 session, $2 user.
SELECT FROM session WHERE id = $1 AND "userId" = $2
