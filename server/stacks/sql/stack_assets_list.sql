-- What is in stacks, in their order, the asset on top first; the trash does not count. $1 uuid[] stacks.
SELECT s.id, s."primaryAssetId", a.id
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN stack s ON s.id = wanted.id
JOIN asset a ON a."stackId" = s.id AND a."deletedAt" IS NULL
ORDER BY wanted.position, a.id <> s."primaryAssetId", a."fileCreatedAt", a.id
