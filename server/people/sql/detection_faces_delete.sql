-- Faces that are not there any more. $1 ids. Answers their persons.
DELETE FROM asset_face WHERE id = ANY ($1::uuid[]) RETURNING "personId"
