-- Assets that are not kept go to the trash, or for good. $1 assets, $2 for good.
UPDATE asset SET "deletedAt" = now(), "duplicateId" = NULL,
  status = (CASE WHEN $2::boolean OR status = 'deleted' THEN 'deleted' ELSE 'trashed' END)::assets_status_enum
WHERE id = ANY ($1::uuid[])
