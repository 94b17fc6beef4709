-- Accounts, newest first, in the columns of account_store. $1 the only one or null for all, $2 whether deleted ones count.
SELECT u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt", u."isAdmin",
       u."shouldChangePassword", u."storageLabel", u."oauthId", u."quotaSizeInBytes", u."quotaUsageInBytes", u.status,
       u."createdAt", u."updatedAt", u."deletedAt",
       (SELECT m.value FROM user_metadata m WHERE m."userId" = u.id AND m.key = 'license')
FROM "user" u
WHERE ($1::uuid IS NULL OR u.id = $1) AND ($2::boolean OR u."deletedAt" IS NULL)
ORDER BY u."createdAt" DESC, u.id
