-- A new memory with what it shows. $1 memory, $2 owner, $3 type, $4 year, $5 saved, $6 of when, $7 seen, $8 shown from,
-- $9 shown until, $10 uuid[] assets.
WITH made AS (
  INSERT INTO memory (id, "ownerId", type, data, "isSaved", "memoryAt", "seenAt", "showAt", "hideAt")
  VALUES ($1, $2, $3, jsonb_build_object('year', $4::integer), $5, $6, $7, $8, $9)
  RETURNING id
)
INSERT INTO memory_asset ("memoriesId", "assetId") SELECT made.id, unnest($10::uuid[]) FROM made
