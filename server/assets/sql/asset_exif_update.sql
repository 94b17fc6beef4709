-- Stores what users say of assets and locks it against extraction. $1 uuid[] assets, $2 text[] names of the properties that
-- change, $3 description, $4 taken at, $5 time zone, $6 latitude, $7 longitude, $8 rating.
INSERT INTO asset_exif AS e ("assetId", description, "dateTimeOriginal", "timeZone", latitude, longitude, rating,
                             "lockedProperties")
SELECT a.id, coalesce($3::text, ''), $4::timestamptz, $5::text, $6::double precision, $7::double precision, $8::integer,
       $2::text[]
FROM asset a
WHERE a.id = ANY($1::uuid[])
ON CONFLICT ("assetId") DO UPDATE
SET description = CASE WHEN 'description' = ANY($2::text[]) THEN excluded.description ELSE e.description END,
    "dateTimeOriginal" = CASE WHEN 'dateTimeOriginal' = ANY($2::text[]) THEN excluded."dateTimeOriginal"
                              ELSE e."dateTimeOriginal" END,
    "timeZone" = CASE WHEN 'timeZone' = ANY($2::text[]) THEN excluded."timeZone" ELSE e."timeZone" END,
    latitude = CASE WHEN 'latitude' = ANY($2::text[]) THEN excluded.latitude ELSE e.latitude END,
    longitude = CASE WHEN 'longitude' = ANY($2::text[]) THEN excluded.longitude ELSE e.longitude END,
    rating = CASE WHEN 'rating' = ANY($2::text[]) THEN excluded.rating ELSE e.rating END,
    "lockedProperties" = ARRAY(SELECT DISTINCT unnest(coalesce(e."lockedProperties", '{}') || excluded."lockedProperties"))
