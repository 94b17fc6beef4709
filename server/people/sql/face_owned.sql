-- A face in a picture of one's own. $1 face, $2 owner.
SELECT f."personId" FROM asset_face f JOIN asset a ON a.id = f."assetId" WHERE f.id = $1 AND a."ownerId" = $2
