-- Free key/value data of assets, one row per array element. $1 uuid[] assets, $2 text[] keys, $3 text[] values (JSON).
INSERT INTO asset_metadata ("assetId", key, value)
SELECT asset_id, key, value::jsonb FROM unnest($1::uuid[], $2::text[], $3::text[]) AS item(asset_id, key, value)
ON CONFLICT ("assetId", key) DO UPDATE SET value = excluded.value
RETURNING "assetId", key, value, "updatedAt"
