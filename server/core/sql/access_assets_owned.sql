-- Own assets among the given. $1 uuid[] assets, $2 owner, $3 whether locked ones count.
SELECT id FROM asset
WHERE id = ANY($1::uuid[]) AND "ownerId" = $2 AND ($3::boolean OR visibility <> 'locked')
