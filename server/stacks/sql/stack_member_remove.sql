-- Takes an asset out of a stack. $1 stack, $2 asset.
UPDATE asset SET "stackId" = NULL WHERE id = $2 AND "stackId" = $1
