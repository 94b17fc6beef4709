-- Whether a tag belongs to a user. $1 tag, $2 owner.
SELECT 1 FROM tag WHERE id = $1 AND "userId" = $2
