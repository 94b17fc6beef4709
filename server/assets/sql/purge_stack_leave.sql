-- A stack goes on without an asset: with another primary one, or not at all when fewer than two are left. $1 asset, $2 stack.
WITH others AS (
  SELECT count(*) AS count, (array_agg(id ORDER BY "deletedAt" IS NOT NULL, "fileCreatedAt", id))[1] AS first
  FROM asset
  WHERE "stackId" = $2 AND id <> $1
), promoted AS (
  UPDATE stack SET "primaryAssetId" = others.first
  FROM others
  WHERE stack.id = $2 AND others.count >= 2 AND stack."primaryAssetId" = $1
)
DELETE FROM stack USING others WHERE stack.id = $2 AND others.count < 2
