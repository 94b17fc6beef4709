-- A comment or like; no row unless the user is a member of the album and its activity is switched on. $1 album, $2 asset or
-- null, $3 user, $4 comment, null for a like.
WITH made AS (
  INSERT INTO activity ("albumId", "assetId", "userId", comment, "isLiked")
  SELECT al.id, $2::uuid, au."userId", $4::text, $4::text IS NULL
  FROM album al
  JOIN album_user au ON au."albumId" = al.id AND au."userId" = $3
  WHERE al.id = $1 AND al."isActivityEnabled" AND al."deletedAt" IS NULL
  RETURNING id, "createdAt", "assetId", comment, "isLiked", "userId"
)
SELECT made.id, made."createdAt", made."assetId", made.comment, made."isLiked",
       u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM made JOIN "user" u ON u.id = made."userId"
