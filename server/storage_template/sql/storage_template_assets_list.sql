-- The next assets whose files follow the storage template, by id. $1 the last id seen, $2 how many.
SELECT id FROM asset
WHERE id > $1 AND "deletedAt" IS NULL AND NOT "isExternal" AND visibility <> 'hidden'
ORDER BY id
LIMIT $2
