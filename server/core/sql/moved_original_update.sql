-- An original is at its new place. $1 asset, $2 old path, $3 new path.
UPDATE asset SET "originalPath" = $3 WHERE id = $1 AND "originalPath" = $2
