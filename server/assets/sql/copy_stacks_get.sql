-- The stacks of two assets. $1 source, $2 target.
SELECT (SELECT "stackId" FROM asset WHERE id = $1), (SELECT "stackId" FROM asset WHERE id = $2)
