-- The vector of an asset. $1 asset.
SELECT s.embedding::text FROM smart_search s WHERE s."assetId" = $1
