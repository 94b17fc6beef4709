-- Deletes an album; its assets stay. $1 album.
DELETE FROM album WHERE id = $1
