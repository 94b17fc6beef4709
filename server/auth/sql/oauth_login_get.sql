-- What the answer to a login holds. $1 user.
SELECT u.name, u.email, u."isAdmin", u."shouldChangePassword", u."profileImagePath",
       EXISTS (SELECT FROM user_metadata m
               WHERE m."userId" = u.id AND m.key = 'onboarding' AND m.value @> '{"isOnboarded": true}')
FROM "user" u
WHERE u.id = $1 AND u."deletedAt" IS NULL
