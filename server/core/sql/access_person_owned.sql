-- Whether a person belongs to a user. $1 person, $2 owner.
SELECT 1 FROM person WHERE id = $1 AND "ownerId" = $2
