-- Gives all faces of one person to another. $1 from, $2 to.
UPDATE asset_face SET "personId" = $2 WHERE "personId" = $1
