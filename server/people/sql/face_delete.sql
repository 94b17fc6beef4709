-- Deletes a face for good. $1 face.
DELETE FROM asset_face WHERE id = $1
