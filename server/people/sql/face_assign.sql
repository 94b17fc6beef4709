-- Gives a face to a person. $1 face, $2 person.
UPDATE asset_face SET "personId" = $2 WHERE id = $1
