-- The stack an asset is part of, held until the end of the transaction. $1 asset.
SELECT id FROM stack WHERE "primaryAssetId" = $1 OR id = (SELECT "stackId" FROM asset WHERE id = $1) FOR UPDATE
