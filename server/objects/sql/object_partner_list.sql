-- Partners whose photos a user sees in timeline and search. $1 user.
SELECT p."sharedById"
FROM partner p
JOIN "user" u ON u.id = p."sharedById" AND u."deletedAt" IS NULL
WHERE p."sharedWithId" = $1 AND p."inTimeline"
