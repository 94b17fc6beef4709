-- Comments and likes of an album, oldest first, without those on assets in the trash. $1 album, $2 asset or null, $3 only
-- those on the album itself, $4 likes (true), comments (false) or null for both, $5 author or null.
SELECT v.id, v."createdAt", v."assetId", v.comment, v."isLiked",
       u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM activity v
JOIN "user" u ON u.id = v."userId" AND u."deletedAt" IS NULL
LEFT JOIN asset a ON a.id = v."assetId"
WHERE v."albumId" = $1 AND a."deletedAt" IS NULL
  AND ($2::uuid IS NULL OR v."assetId" = $2)
  AND NOT ($3::boolean AND v."assetId" IS NOT NULL)
  AND ($4::boolean IS NULL OR v."isLiked" = $4)
  AND ($5::uuid IS NULL OR v."userId" = $5)
ORDER BY v."createdAt", v.id
