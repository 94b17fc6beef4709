-- A new stack and what is in it. $1 stack, $2 owner, $3 asset on top, $4 uuid[] all assets.
WITH made AS (
  INSERT INTO stack (id, "ownerId", "primaryAssetId") VALUES ($1, $2, $3) RETURNING id
)
UPDATE asset SET "stackId" = made.id FROM made WHERE asset.id = ANY($4::uuid[])
