-- Notes that an album's contents changed. $1 album.
UPDATE album SET "updatedAt" = now() WHERE id = $1
