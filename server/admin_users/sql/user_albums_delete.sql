-- Deletes the albums of an owner. $1 user.
DELETE FROM album WHERE id IN (SELECT "albumId" FROM album_user WHERE "userId" = $1 AND role = 'owner')
