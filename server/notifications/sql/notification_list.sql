-- Notifications of a user, newest first. $1 user, $2 notification or null, $3 level or null, $4 type or null, $5 unread (true),
-- read (false) or null for both.
SELECT n.id, n."createdAt", n.level, n.type, n.title, n.description, n.data, n."readAt"
FROM notification n
WHERE n."userId" = $1 AND n."deletedAt" IS NULL
  AND ($2::uuid IS NULL OR n.id = $2)
  AND ($3::text IS NULL OR n.level = $3)
  AND ($4::text IS NULL OR n.type = $4)
  AND ($5::boolean IS NULL OR (n."readAt" IS NULL) = $5)
ORDER BY n."createdAt" DESC, n.id
