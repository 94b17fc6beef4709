-- A person a file names. $1 owner, $2 name.
INSERT INTO person ("ownerId", name) VALUES ($1, $2) RETURNING id
