-- Everything a thumbnail job needs to know of its asset. $1 asset.
SELECT a."ownerId", a.type, a."originalPath", a.visibility::text AS visibility, e.colorspace, e."profileDescription",
       e."bitsPerSample", e."projectionType", e.orientation,
       coalesce(edits.actions, '{}') AS actions, coalesce(edits.parameters, '{}') AS parameters
FROM asset a
LEFT JOIN asset_exif e ON e."assetId" = a.id
LEFT JOIN LATERAL (
  SELECT array_agg(d.action ORDER BY d.sequence)::text[] AS actions,
         array_agg(d.parameters::text ORDER BY d.sequence)::text[] AS parameters
  FROM asset_edit d WHERE d."assetId" = a.id
) edits ON true
WHERE a.id = $1 AND a.status <> 'deleted'
