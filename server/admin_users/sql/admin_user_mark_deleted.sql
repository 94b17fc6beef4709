-- Takes an account out of use and hides its albums. A removal that has begun goes on.
-- $1 user, $2 status: `deleted` (may come back) or `removing`.
WITH marked AS (
  UPDATE "user"
  SET status = CASE WHEN status = 'removing' THEN status ELSE $2::text END, "deletedAt" = coalesce("deletedAt", now())
  WHERE id = $1
  RETURNING id
), albums AS (
  UPDATE album SET "deletedAt" = now()
  FROM album_user au JOIN marked ON marked.id = au."userId"
  WHERE album.id = au."albumId" AND au.role = 'owner' AND album."deletedAt" IS NULL
)
SELECT id FROM marked
