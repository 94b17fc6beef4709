-- A user shares the library with another; no row without such a user, the last column false when it was so already.
-- $1 sharer, $2 receiver.
WITH made AS (
  INSERT INTO partner ("sharedById", "sharedWithId")
  SELECT $1, id FROM "user" WHERE id = $2 AND "deletedAt" IS NULL
  ON CONFLICT DO NOTHING
  RETURNING "inTimeline"
)
SELECT coalesce((SELECT "inTimeline" FROM made), false), u.id, u.name, u.email, u."avatarColor", u."profileImagePath",
       u."profileChangedAt", EXISTS (SELECT FROM made)
FROM "user" u
WHERE u.id = $2 AND u."deletedAt" IS NULL
