-- Whether a link belongs to a user. $1 link, $2 owner.
SELECT 1 FROM shared_link WHERE id = $1 AND "userId" = $2
