-- Dissolves the stacks of a user that have one of the assets on top, and tells what was in them. $1 owner, $2 uuid[] assets.
WITH old AS (
  SELECT id FROM stack WHERE "ownerId" = $1 AND "primaryAssetId" = ANY($2::uuid[])
), members AS (
  SELECT coalesce(array_agg(a.id), '{}') AS ids FROM asset a JOIN old ON a."stackId" = old.id
), gone AS (
  DELETE FROM stack USING old WHERE stack.id = old.id
)
SELECT ids FROM members
