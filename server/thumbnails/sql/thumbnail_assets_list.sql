-- Assets to make thumbnails for: all that are shown, or those that lack a part. $1 all, $2 whether full-size pictures are
-- wanted, $3 lower-case extensions browsers show themselves, which need none.
SELECT a.id
FROM asset a
JOIN asset_job_status s ON s."assetId" = a.id
LEFT JOIN LATERAL (
  SELECT bool_or(f.type = 'preview' AND NOT f."isEdited") AS preview,
         bool_or(f.type = 'thumbnail' AND NOT f."isEdited") AS thumbnail,
         bool_or(f.type = 'fullsize' AND NOT f."isEdited") AS fullsize,
         count(*) FILTER (WHERE f."isEdited" AND f.type IN ('preview', 'thumbnail', 'fullsize')) AS edited
  FROM asset_file f WHERE f."assetId" = a.id
) files ON true
WHERE a."deletedAt" IS NULL AND a.visibility <> 'hidden'
  AND ($1::boolean OR a.thumbhash IS NULL OR files.preview IS NOT TRUE OR files.thumbnail IS NOT TRUE
       OR (a."isEdited" AND files.edited < 3)
       OR ($2::boolean AND a.type = 'IMAGE' AND files.fullsize IS NOT TRUE
           AND NOT lower(substring(a."originalPath" FROM '\.[^./]*$')) = ANY ($3::text[])))
