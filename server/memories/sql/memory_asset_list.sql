-- Which of these assets a memory has. $1 memory, $2 uuid[] assets.
SELECT "assetId" FROM memory_asset WHERE "memoriesId" = $1 AND "assetId" = ANY($2::uuid[])
