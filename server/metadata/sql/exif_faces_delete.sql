-- Forgets the faces that came from the file. $1 asset.
DELETE FROM asset_face WHERE "assetId" = $1 AND "sourceType" = 'exif'
