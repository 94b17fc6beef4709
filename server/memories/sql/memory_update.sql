-- Changes what is given. $1 memory, $2 saved, $3 of when, $4 seen; null leaves as it is.
UPDATE memory
SET "isSaved" = coalesce($2, "isSaved"), "memoryAt" = coalesce($3, "memoryAt"), "seenAt" = coalesce($4, "seenAt")
WHERE id = $1
