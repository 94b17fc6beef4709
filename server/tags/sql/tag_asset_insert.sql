-- Puts tags on assets; the asset of every tagging that is new. $1 uuid[] tags, $2 uuid[] assets.
INSERT INTO tag_asset ("tagId", "assetId")
SELECT t.id, a.id FROM unnest($1::uuid[]) AS t(id) CROSS JOIN unnest($2::uuid[]) AS a(id)
ON CONFLICT DO NOTHING
RETURNING "assetId"
