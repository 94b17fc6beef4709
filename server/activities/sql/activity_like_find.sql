-- A user's like of an album or of an asset in it. $1 album, $2 asset or null for the album, $3 user.
SELECT v.id, v."createdAt", v."assetId", v.comment, v."isLiked",
       u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM activity v
JOIN "user" u ON u.id = v."userId"
WHERE v."albumId" = $1 AND v."assetId" IS NOT DISTINCT FROM $2::uuid AND v."userId" = $3 AND v."isLiked"
