-- Puts assets into the trash, or marks them for deletion. $1 uuid[] assets, $2 whether they are deleted for good.
UPDATE asset
SET "deletedAt" = now(),
    status = CASE WHEN $2::boolean OR status = 'deleted' THEN 'deleted' ELSE 'trashed' END::assets_status_enum
WHERE id = ANY($1::uuid[])
