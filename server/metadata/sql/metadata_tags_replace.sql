-- An asset has exactly these tags. $1 asset, $2 tags.
WITH removed AS (
  DELETE FROM tag_asset WHERE "assetId" = $1 AND NOT "tagId" = ANY ($2::uuid[])
)
INSERT INTO tag_asset ("assetId", "tagId") SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING
