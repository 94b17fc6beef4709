-- The other side of a user's partnerships, by name. $1 user, $2 true: whom the user shares with; false: who shares with him.
SELECT p."inTimeline", u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM partner p
JOIN "user" sharer ON sharer.id = p."sharedById" AND sharer."deletedAt" IS NULL
JOIN "user" u ON u.id = CASE WHEN $2::boolean THEN p."sharedWithId" ELSE p."sharedById" END AND u."deletedAt" IS NULL
WHERE CASE WHEN $2::boolean THEN p."sharedById" ELSE p."sharedWithId" END = $1
ORDER BY u.name, u.id
