-- Memories of one day for every user: one for each earlier year with assets of that day that have a preview, up to so many
-- of them. The days are looked up one by one in the index on the local date. $1 day (YYYY-MM-DD), $2 assets in a memory.
WITH same_day AS (
  SELECT year::integer AS year, ($1::date - make_interval(years => extract(year FROM $1::date)::integer - year))::date AS day
  FROM generate_series((SELECT extract(year FROM min(("localDateTime" AT TIME ZONE 'UTC')::date))::integer FROM asset),
                       extract(year FROM $1::date)::integer - 1) AS year
), found AS (
  SELECT a."ownerId", a.id AS "assetId", d.year, d.day,
         row_number() OVER (PARTITION BY a."ownerId", d.year ORDER BY a."localDateTime" DESC, a.id) AS place
  FROM same_day d
  JOIN asset a ON (a."localDateTime" AT TIME ZONE 'UTC')::date = d.day
  JOIN "user" u ON u.id = a."ownerId" AND u."deletedAt" IS NULL
  WHERE extract(day FROM d.day) = extract(day FROM $1::date)
    AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
    AND EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'preview')
), wanted AS (
  SELECT uuid_generate_v4() AS id, "ownerId", year, day
  FROM found
  GROUP BY "ownerId", year, day
), made AS (
  INSERT INTO memory (id, "ownerId", type, data, "memoryAt", "showAt", "hideAt")
  SELECT id, "ownerId", 'on_this_day', jsonb_build_object('year', year), day::timestamp AT TIME ZONE 'UTC',
         ($1::date)::timestamp AT TIME ZONE 'UTC',
         (($1::date + 1)::timestamp AT TIME ZONE 'UTC') - interval '1 millisecond'
  FROM wanted
)
INSERT INTO memory_asset ("memoriesId", "assetId")
SELECT wanted.id, found."assetId"
FROM wanted
JOIN found ON found."ownerId" = wanted."ownerId" AND found.year = wanted.year AND found.place <= $2
