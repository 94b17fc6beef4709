-- Puts an asset that has no stack into one. $1 asset, $2 stack.
UPDATE asset SET "stackId" = $2 WHERE id = $1
