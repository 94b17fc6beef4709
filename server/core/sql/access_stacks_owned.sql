-- Own stacks among the given. $1 uuid[] stacks, $2 owner.
SELECT id FROM stack WHERE id = ANY($1::uuid[]) AND "ownerId" = $2
