-- Tags of a user among the given, in their order. $1 user, $2 uuid[] tags.
SELECT t.id, t.value, t.color, t."parentId", t."createdAt", t."updatedAt"
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN tag t ON t.id = wanted.id AND t."userId" = $1
ORDER BY wanted.position
