-- The edits of an asset in their order, with the size of its upright original. $1 asset.
SELECT d.action::text, d.parameters::text,
       CASE WHEN e.orientation IN ('5', '6', '7', '8') THEN e."exifImageHeight" ELSE e."exifImageWidth" END AS width,
       CASE WHEN e.orientation IN ('5', '6', '7', '8') THEN e."exifImageWidth" ELSE e."exifImageHeight" END AS height
FROM asset_edit d
LEFT JOIN asset_exif e ON e."assetId" = d."assetId"
WHERE d."assetId" = $1
ORDER BY d.sequence
