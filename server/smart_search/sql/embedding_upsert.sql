-- Stores the vector of an asset if it is still of the model in use. $1 asset, $2 vector literal, $3 model.
WITH model AS MATERIALIZED (
  SELECT name FROM plus.embedding_model WHERE kind = 'clip' AND name = $3::text FOR SHARE
)
INSERT INTO smart_search ("assetId", embedding)
SELECT a.id, ($2::text)::vector FROM asset a CROSS JOIN model WHERE a.id = $1
ON CONFLICT ("assetId") DO UPDATE SET embedding = EXCLUDED.embedding
RETURNING "assetId"
