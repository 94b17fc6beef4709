-- Replaces an asset's renditions in one step and gives back the paths nothing refers to any more; `found` is 0 when the
-- asset is gone. $1 asset, $2 thumbhash, $3 edited width or null, $4 edited height or null; parallel arrays: $5 types,
-- $6 paths, $7 edited, $8 progressive, $9 transparent (booleans as text).
WITH found AS (
  SELECT id FROM asset WHERE id = $1 FOR NO KEY UPDATE
), wanted AS (
  SELECT * FROM unnest($5::text[], $6::text[], $7::text[]::boolean[], $8::text[]::boolean[], $9::text[]::boolean[])
    AS w (type, path, is_edited, is_progressive, is_transparent)
), before AS (
  SELECT f.id, f.path, f.type, f."isEdited" FROM asset_file f JOIN found ON found.id = f."assetId"
  WHERE f.type IN ('fullsize', 'preview', 'thumbnail')
), changed AS (
  UPDATE asset SET thumbhash = $2, width = coalesce($3, width), height = coalesce($4, height)
  FROM found
  WHERE asset.id = found.id
    AND (asset.thumbhash IS DISTINCT FROM $2 OR asset.width IS DISTINCT FROM coalesce($3, asset.width)
         OR asset.height IS DISTINCT FROM coalesce($4, asset.height))
), stored AS (
  INSERT INTO asset_file ("assetId", type, path, "isEdited", "isProgressive", "isTransparent")
  SELECT found.id, w.type, w.path, w.is_edited, w.is_progressive, w.is_transparent FROM found CROSS JOIN wanted w
  ON CONFLICT ("assetId", type, "isEdited") DO UPDATE
  SET path = EXCLUDED.path, "isProgressive" = EXCLUDED."isProgressive", "isTransparent" = EXCLUDED."isTransparent"
), removed AS (
  DELETE FROM asset_file f USING before b
  WHERE f.id = b.id AND NOT EXISTS (SELECT FROM wanted w WHERE w.type = b.type AND w.is_edited = b."isEdited")
)
SELECT (SELECT count(*) FROM found)::int AS found,
       coalesce((SELECT array_agg(b.path)::text[] FROM before b
                 WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.path = b.path)), '{}') AS obsolete
