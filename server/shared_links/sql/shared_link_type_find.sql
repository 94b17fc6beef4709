-- What a link leads to: ALBUM or INDIVIDUAL. $1 link.
SELECT type FROM shared_link WHERE id = $1
