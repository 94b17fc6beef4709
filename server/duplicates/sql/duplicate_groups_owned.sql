-- Which of the groups are a user's. $1 groups, $2 owner.
SELECT DISTINCT a."duplicateId" FROM asset a WHERE a."duplicateId" = ANY ($1::uuid[]) AND a."ownerId" = $2
