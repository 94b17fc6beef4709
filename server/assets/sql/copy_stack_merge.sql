-- Moves the members of a stack into another. $1 from, $2 into.
UPDATE asset SET "stackId" = $2 WHERE "stackId" = $1
