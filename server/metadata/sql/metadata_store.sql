-- Stores what a file says of itself; properties the user locked keep their values. One row when the asset is there.
-- $1 asset, $2 taken at, $3 local date and time, $4 modified at, $5 duration ms, $6 width, $7 height (upright), $8 make,
-- $9 model, $10 stored width, $11 stored height, $12 bytes, $13 orientation, $14 lens, $15 f-number, $16 focal length,
-- $17 ISO, $18 latitude, $19 longitude, $20 city, $21 state, $22 country, $23 description, $24 frames a second,
-- $25 exposure time, $26 live photo id, $27 time zone, $28 projection, $29 profile, $30 colour space, $31 bits,
-- $32 stack id, $33 rating, $34 tags.
WITH found AS (
  SELECT id FROM asset WHERE id = $1 FOR NO KEY UPDATE
), exif AS (
  INSERT INTO asset_exif AS e (
    "assetId", "dateTimeOriginal", "modifyDate", make, model, "exifImageWidth", "exifImageHeight", "fileSizeInByte",
    orientation, "lensModel", "fNumber", "focalLength", iso, latitude, longitude, city, state, country, description, fps,
    "exposureTime", "livePhotoCID", "timeZone", "projectionType", "profileDescription", colorspace, "bitsPerSample",
    "autoStackId", rating, tags)
  SELECT found.id, $2, $4, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
         $27, $28, $29, $30, $31, $32, $33, $34::text[]
  FROM found
  ON CONFLICT ("assetId") DO UPDATE SET
    "dateTimeOriginal" = CASE WHEN 'dateTimeOriginal' = ANY (e."lockedProperties") THEN e."dateTimeOriginal"
                              ELSE EXCLUDED."dateTimeOriginal" END,
    "timeZone" = CASE WHEN 'timeZone' = ANY (e."lockedProperties") THEN e."timeZone" ELSE EXCLUDED."timeZone" END,
    latitude = CASE WHEN 'latitude' = ANY (e."lockedProperties") THEN e.latitude ELSE EXCLUDED.latitude END,
    longitude = CASE WHEN 'longitude' = ANY (e."lockedProperties") THEN e.longitude ELSE EXCLUDED.longitude END,
    description = CASE WHEN 'description' = ANY (e."lockedProperties") THEN e.description ELSE EXCLUDED.description END,
    rating = CASE WHEN 'rating' = ANY (e."lockedProperties") THEN e.rating ELSE EXCLUDED.rating END,
    tags = CASE WHEN 'tags' = ANY (e."lockedProperties") THEN e.tags ELSE EXCLUDED.tags END,
    "modifyDate" = EXCLUDED."modifyDate", make = EXCLUDED.make, model = EXCLUDED.model,
    "exifImageWidth" = EXCLUDED."exifImageWidth", "exifImageHeight" = EXCLUDED."exifImageHeight",
    "fileSizeInByte" = EXCLUDED."fileSizeInByte", orientation = EXCLUDED.orientation,
    "lensModel" = EXCLUDED."lensModel", "fNumber" = EXCLUDED."fNumber", "focalLength" = EXCLUDED."focalLength",
    iso = EXCLUDED.iso, city = EXCLUDED.city, state = EXCLUDED.state, country = EXCLUDED.country, fps = EXCLUDED.fps,
    "exposureTime" = EXCLUDED."exposureTime", "livePhotoCID" = EXCLUDED."livePhotoCID",
    "projectionType" = EXCLUDED."projectionType", "profileDescription" = EXCLUDED."profileDescription",
    colorspace = EXCLUDED.colorspace, "bitsPerSample" = EXCLUDED."bitsPerSample",
    "autoStackId" = EXCLUDED."autoStackId"
  RETURNING e."assetId", 'dateTimeOriginal' = ANY (coalesce(e."lockedProperties", '{}')) AS is_date_locked, e.tags
), changed AS (
  UPDATE asset a SET
    "fileCreatedAt" = CASE WHEN exif.is_date_locked THEN a."fileCreatedAt" ELSE $2 END,
    "localDateTime" = CASE WHEN exif.is_date_locked THEN a."localDateTime" ELSE $3 END,
    "fileModifiedAt" = $4, duration = $5,
    width = CASE WHEN a."isEdited" THEN a.width ELSE $6 END,
    height = CASE WHEN a."isEdited" THEN a.height ELSE $7 END
  FROM exif
  WHERE a.id = exif."assetId"
), untagged AS (
  DELETE FROM tag_asset t USING exif WHERE t."assetId" = exif."assetId" AND cardinality(coalesce(exif.tags, '{}')) = 0
), status AS (
  INSERT INTO asset_job_status ("assetId", "metadataExtractedAt") SELECT found.id, now() FROM found
  ON CONFLICT ("assetId") DO UPDATE SET "metadataExtractedAt" = EXCLUDED."metadataExtractedAt"
)
SELECT coalesce(exif.tags, '{}')::text[] AS tags FROM exif
