-- What a login needs of the account of an e-mail address. $1 e-mail in lower case.
SELECT u.id, u.name, u.email, u."isAdmin", u."shouldChangePassword", u."profileImagePath", u.password,
       EXISTS (SELECT FROM user_metadata m
               WHERE m."userId" = u.id AND m.key = 'onboarding' AND m.value @> '{"isOnboarded": true}')
FROM "user" u
WHERE u.email = $1 AND u."deletedAt" IS NULL
