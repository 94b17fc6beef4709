-- Tags of a user by path. $1 user.
SELECT t.id, t.value, t.color, t."parentId", t."createdAt", t."updatedAt" FROM tag t WHERE t."userId" = $1 ORDER BY t.value
