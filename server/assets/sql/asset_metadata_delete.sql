-- Deletes key/value data, one entry per array element. $1 uuid[] assets, $2 text[] keys.
DELETE FROM asset_metadata m
USING unnest($1::uuid[], $2::text[]) AS item(asset_id, key)
WHERE m."assetId" = item.asset_id AND m.key = item.key
