-- Takes assets out of a memory. $1 memory, $2 uuid[] assets.
DELETE FROM memory_asset WHERE "memoriesId" = $1 AND "assetId" = ANY($2::uuid[])
