-- Free key/value data of an asset. $1 asset, $2 key or null for all.
SELECT key, value, "updatedAt" FROM asset_metadata WHERE "assetId" = $1 AND ($2::text IS NULL OR key = $2) ORDER BY key
