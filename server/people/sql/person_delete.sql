-- Deletes persons; their faces stay, unassigned. Answers the pictures that are left over. $1 ids.
DELETE FROM person WHERE id = ANY ($1::uuid[])
RETURNING "thumbnailPath"
