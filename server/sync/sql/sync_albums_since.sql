-- Albums a user is a member of since a membership, that one included, oldest first. $1 user, $2 create id, nil for all,
-- $3 horizon.
SELECT "albumId", "createId" FROM album_user
WHERE "userId" = $1 AND "createId" >= $2 AND "createId" < $3
ORDER BY "createId"
