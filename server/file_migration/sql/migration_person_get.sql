-- A person's picture. $1 person.
SELECT "ownerId", "thumbnailPath" FROM person WHERE id = $1 AND "thumbnailPath" <> ''
