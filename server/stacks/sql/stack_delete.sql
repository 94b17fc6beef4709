-- Dissolves stacks. $1 uuid[] stacks.
DELETE FROM stack WHERE id = ANY($1::uuid[])
