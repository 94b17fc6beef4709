-- Deletes a stack; members it still has stay. $1 stack.
DELETE FROM stack WHERE id = $1
