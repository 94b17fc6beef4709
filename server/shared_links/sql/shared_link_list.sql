-- Links of a user, newest first, without those to albums in the trash. $1 user, $2 link or null, $3 album or null.
SELECT l.id
FROM shared_link l
LEFT JOIN album al ON al.id = l."albumId"
WHERE l."userId" = $1 AND al."deletedAt" IS NULL
  AND ($2::uuid IS NULL OR l.id = $2)
  AND ($3::uuid IS NULL OR l."albumId" = $3)
ORDER BY l."createdAt" DESC, l.id
