-- Makes assets, and the groups they are in, one group. $1 owner, $2 group, $3 assets, $4 groups that are merged.
UPDATE asset SET "duplicateId" = $2
WHERE "ownerId" = $1 AND (id = ANY ($3::uuid[]) OR "duplicateId" = ANY ($4::uuid[]))
  AND "duplicateId" IS DISTINCT FROM $2
