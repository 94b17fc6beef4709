-- Moves the dates of assets, or shows them in another zone, and locks them against extraction. $1 uuid[] assets, $2 minutes,
-- $3 time zone or null, $4 its minutes east of UTC when they are fixed.
WITH moved AS (
  UPDATE asset_exif
  SET "dateTimeOriginal" = "dateTimeOriginal" + $2::integer * interval '1 minute',
      "timeZone" = coalesce($3::text, "timeZone"),
      "lockedProperties" = ARRAY(SELECT DISTINCT unnest(coalesce("lockedProperties", '{}')
                                                        || '{dateTimeOriginal,timeZone}'::varchar[]))
  WHERE "assetId" = ANY($1::uuid[])
  RETURNING "assetId", "dateTimeOriginal"
)
UPDATE asset
SET "fileCreatedAt" = moved."dateTimeOriginal",
    "localDateTime" = CASE WHEN $4::integer IS NOT NULL THEN moved."dateTimeOriginal" + $4::integer * interval '1 minute'
                           WHEN $3::text IS NOT NULL THEN (moved."dateTimeOriginal" AT TIME ZONE $3::text) AT TIME ZONE 'UTC'
                           ELSE "localDateTime" + $2::integer * interval '1 minute' END
FROM moved
WHERE asset.id = moved."assetId" AND moved."dateTimeOriginal" IS NOT NULL
