-- Sets the path of a user's picture; answers the moment and the path before. $1 user, $2 path or ''.
WITH before AS (
  SELECT id, "profileImagePath" AS path FROM "user" WHERE id = $1 AND "deletedAt" IS NULL FOR UPDATE
)
UPDATE "user" u SET "profileImagePath" = $2, "profileChangedAt" = now()
FROM before
WHERE u.id = before.id
RETURNING u."profileChangedAt", before.path
