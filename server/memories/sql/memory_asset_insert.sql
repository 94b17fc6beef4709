-- Puts assets into a memory. $1 memory, $2 uuid[] assets.
INSERT INTO memory_asset ("memoriesId", "assetId") SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING
