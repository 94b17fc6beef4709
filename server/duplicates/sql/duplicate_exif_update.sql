-- What the asset that is kept takes over from the others' metadata, locked against extraction. $1 asset, $2 names of what
-- changes, $3 description, $4 rating, $5 latitude, $6 longitude.
UPDATE asset_exif e SET
  description = CASE WHEN 'description' = ANY ($2::text[]) THEN $3 ELSE e.description END,
  rating = CASE WHEN 'rating' = ANY ($2::text[]) THEN $4::integer ELSE e.rating END,
  latitude = CASE WHEN 'latitude' = ANY ($2::text[]) THEN $5::float8 ELSE e.latitude END,
  longitude = CASE WHEN 'longitude' = ANY ($2::text[]) THEN $6::float8 ELSE e.longitude END,
  "lockedProperties" = ARRAY(SELECT DISTINCT unnest(coalesce(e."lockedProperties", '{}') || $2::text[]))
WHERE e."assetId" = $1
