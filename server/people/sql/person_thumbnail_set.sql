-- Notes the picture of a person. $1 person, $2 path.
UPDATE person SET "thumbnailPath" = $2 WHERE id = $1 RETURNING id
