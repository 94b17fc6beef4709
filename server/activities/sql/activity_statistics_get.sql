-- How many comments and likes an album or an asset in it has. $1 album, $2 asset or null.
SELECT count(*) FILTER (WHERE NOT v."isLiked"), count(*) FILTER (WHERE v."isLiked")
FROM activity v
JOIN "user" u ON u.id = v."userId" AND u."deletedAt" IS NULL
LEFT JOIN asset a ON a.id = v."assetId"
WHERE v."albumId" = $1 AND a."deletedAt" IS NULL AND ($2::uuid IS NULL OR v."assetId" = $2)
