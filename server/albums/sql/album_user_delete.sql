-- Takes a member off an album. $1 album, $2 user.
DELETE FROM album_user WHERE "albumId" = $1 AND "userId" = $2
