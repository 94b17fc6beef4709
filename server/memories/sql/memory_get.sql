-- Memories in the given order with the ids of what they show: assets of the timeline, oldest first. $1 uuid[] memories.
SELECT m.id, m."ownerId", m.type, (m.data->>'year')::integer, m."isSaved", m."memoryAt", m."seenAt", m."showAt",
       m."hideAt", m."deletedAt", m."createdAt", m."updatedAt",
       ARRAY(SELECT a.id FROM memory_asset ma JOIN asset a ON a.id = ma."assetId"
             WHERE ma."memoriesId" = m.id AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
             ORDER BY a."fileCreatedAt", a.id)
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN memory m ON m.id = wanted.id
ORDER BY wanted.position
