-- A person by name, whatever the case. $1 owner, $2 name.
SELECT id FROM person WHERE "ownerId" = $1 AND lower(name) = lower($2) ORDER BY "createdAt", id LIMIT 1
