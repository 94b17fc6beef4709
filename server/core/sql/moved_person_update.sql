-- A person's thumbnail is at its new place. $1 person, $2 old path, $3 new path.
UPDATE person SET "thumbnailPath" = $3 WHERE id = $1 AND "thumbnailPath" = $2
