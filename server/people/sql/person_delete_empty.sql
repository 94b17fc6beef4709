-- Deletes the persons without faces; answers the pictures that are left over.
DELETE FROM person p
WHERE NOT EXISTS (SELECT FROM asset_face f WHERE f."personId" = p.id)
RETURNING "thumbnailPath"
