-- What copying a sidecar needs: its path, the target's original and the sidecar the target has. $1 source, $2 target.
SELECT s.path, a."originalPath", t.path
FROM asset a
JOIN asset_file s ON s."assetId" = $1 AND s.type = 'sidecar'
LEFT JOIN asset_file t ON t."assetId" = a.id AND t.type = 'sidecar'
WHERE a.id = $2
LIMIT 1
