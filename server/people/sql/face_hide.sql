-- Marks a face as deleted. $1 face.
UPDATE asset_face SET "deletedAt" = now() WHERE id = $1
