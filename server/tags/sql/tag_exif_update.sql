-- Notes what assets are tagged with, locked against extraction until the sidecar has it. $1 uuid[] assets.
INSERT INTO asset_exif AS e ("assetId", tags, "lockedProperties")
SELECT wanted.id,
       ARRAY(SELECT t.value FROM tag_asset ta JOIN tag t ON t.id = ta."tagId" WHERE ta."assetId" = wanted.id ORDER BY t.value),
       '{tags}'::varchar[]
FROM (SELECT DISTINCT unnest($1::uuid[]) AS id) wanted
ON CONFLICT ("assetId") DO UPDATE
SET tags = excluded.tags,
    "lockedProperties" = ARRAY(SELECT DISTINCT unnest(coalesce(e."lockedProperties", '{}') || excluded."lockedProperties"))
