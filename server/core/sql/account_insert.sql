-- Makes an account; answers in the columns of account_store. $1 e-mail, $2 name, $3 password hash or '', $4 admin,
-- $5 whether the password must be changed, $6 storage label or null, $7 quota or null, $8 colour or null, $9 PIN hash or null.
INSERT INTO "user" AS u (email, name, password, "isAdmin", "shouldChangePassword", "storageLabel", "quotaSizeInBytes",
                         "avatarColor", "pinCode")
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt", u."isAdmin",
          u."shouldChangePassword", u."storageLabel", u."oauthId", u."quotaSizeInBytes", u."quotaUsageInBytes", u.status,
          u."createdAt", u."updatedAt", u."deletedAt", NULL::jsonb
