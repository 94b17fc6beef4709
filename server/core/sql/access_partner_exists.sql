-- Whether a user shares the library with another. $1 sharer, $2 receiver.
SELECT 1 FROM partner p
JOIN "user" u ON u.id = p."sharedById" AND u."deletedAt" IS NULL
WHERE p."sharedById" = $1 AND p."sharedWithId" = $2
