-- Gives a person's faces in a picture to another one. $1 from, $2 asset, $3 to.
UPDATE asset_face SET "personId" = $3
WHERE "personId" = $1 AND "assetId" = $2 AND "deletedAt" IS NULL
RETURNING id
