-- Everybody who shares with a user, in the timeline or not. $1 user.
SELECT p."sharedById"
FROM partner p
JOIN "user" u ON u.id = p."sharedById" AND u."deletedAt" IS NULL
WHERE p."sharedWithId" = $1
