-- How many memories of a user match. $1 owner, $2 memory or null, $3 day on which they show (UTC) or null, $4 saved or null,
-- $5 in the trash, $6 type or null, $7 still to come or null.
SELECT count(*)
FROM memory m
WHERE m."ownerId" = $1
  AND ($2::uuid IS NULL OR m.id = $2)
  AND ($3::date IS NULL OR ((m."showAt" IS NULL OR m."showAt" <= ($3::date)::timestamp AT TIME ZONE 'UTC')
                            AND (m."hideAt" IS NULL OR m."hideAt" >= ($3::date)::timestamp AT TIME ZONE 'UTC')))
  AND ($4::boolean IS NULL OR m."isSaved" = $4)
  AND (m."deletedAt" IS NOT NULL) = $5
  AND ($6::text IS NULL OR m.type = $6)
  AND ($7::boolean IS NULL OR (m."showAt" IS NOT NULL AND m."showAt" > now()) = $7)
