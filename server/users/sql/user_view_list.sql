-- Public part of accounts, newest first, in the order of ReadUserView. $1 the only one or null for all.
SELECT u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM "user" u
WHERE u."deletedAt" IS NULL AND ($1::uuid IS NULL OR u.id = $1)
ORDER BY u."createdAt" DESC, u.id
