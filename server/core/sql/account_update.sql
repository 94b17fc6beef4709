-- Changes an account that is not deleted; answers in the columns of account_store. Null leaves $2 to $6 as they are.
-- $1 user, $2 e-mail, $3 name, $4 password hash, $5 whether the password must be changed, $6 admin; then pairs of "set it"
-- and the value, null included: $7 $8 colour, $9 $10 PIN hash, $11 $12 quota, $13 $14 storage label.
UPDATE "user" u
SET email = coalesce($2::text, u.email),
    name = coalesce($3::text, u.name),
    password = coalesce($4::text, u.password),
    "shouldChangePassword" = coalesce($5::boolean, u."shouldChangePassword"),
    "isAdmin" = coalesce($6::boolean, u."isAdmin"),
    "avatarColor" = CASE WHEN $7::boolean THEN $8::text ELSE u."avatarColor" END,
    "pinCode" = CASE WHEN $9::boolean THEN $10::text ELSE u."pinCode" END,
    "quotaSizeInBytes" = CASE WHEN $11::boolean THEN $12::bigint ELSE u."quotaSizeInBytes" END,
    "storageLabel" = CASE WHEN $13::boolean THEN $14::text ELSE u."storageLabel" END
WHERE u.id = $1 AND u."deletedAt" IS NULL
RETURNING u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt", u."isAdmin",
          u."shouldChangePassword", u."storageLabel", u."oauthId", u."quotaSizeInBytes", u."quotaUsageInBytes", u.status,
          u."createdAt", u."updatedAt", u."deletedAt",
          (SELECT m.value FROM user_metadata m WHERE m."userId" = u.id AND m.key = 'license')
