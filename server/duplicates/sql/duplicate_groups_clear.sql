-- Ends groups; the assets stay. $1 groups, $2 owner.
UPDATE asset SET "duplicateId" = NULL WHERE "duplicateId" = ANY ($1::uuid[]) AND "ownerId" = $2
