-- Users who share with a user since a partnership, that one included, oldest first. $1 user, $2 create id, nil for all,
-- $3 horizon.
SELECT "sharedById", "createId" FROM partner
WHERE "sharedWithId" = $1 AND "createId" >= $2 AND "createId" < $3
ORDER BY "createId"
