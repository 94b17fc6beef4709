-- Brings an account and its albums back, unless its removal has begun. $1 user.
WITH restored AS (
  UPDATE "user" SET status = 'active', "deletedAt" = NULL WHERE id = $1 AND status <> 'removing' RETURNING id
), albums AS (
  UPDATE album SET "deletedAt" = NULL
  FROM album_user au JOIN restored ON restored.id = au."userId"
  WHERE album.id = au."albumId" AND au.role = 'owner' AND album."deletedAt" IS NOT NULL
)
SELECT id FROM restored
