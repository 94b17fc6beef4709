-- Writes the tags of an asset where the sidecar takes them from. $1 asset.
UPDATE asset_exif e SET tags = t.names,
  "lockedProperties" = ARRAY(SELECT DISTINCT unnest(coalesce(e."lockedProperties", '{}') || '{tags}'::text[]))
FROM (SELECT array_agg(tag.value ORDER BY tag.value)::varchar[] AS names
      FROM tag_asset ta JOIN tag ON tag.id = ta."tagId" WHERE ta."assetId" = $1) t
WHERE e."assetId" = $1 AND t.names IS NOT NULL
