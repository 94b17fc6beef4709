-- Whether an asset of a stack is the one on top; no row when it is not part of it. $1 stack, $2 asset.
SELECT s."primaryAssetId" = a.id FROM stack s JOIN asset a ON a."stackId" = s.id WHERE s.id = $1 AND a.id = $2
