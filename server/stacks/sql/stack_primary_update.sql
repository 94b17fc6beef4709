-- Puts another asset of the stack on top. $1 stack, $2 asset.
UPDATE stack SET "primaryAssetId" = a.id FROM asset a WHERE stack.id = $1 AND a.id = $2 AND a."stackId" = stack.id
