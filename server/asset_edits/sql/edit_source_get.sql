-- What decides whether an asset can be edited; the size is that of the original, upright. $1 asset.
SELECT a.type, a."livePhotoVideoId" IS NOT NULL, a."originalPath", e."projectionType",
       CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageHeight" ELSE e."exifImageWidth" END,
       CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageWidth" ELSE e."exifImageHeight" END
FROM asset a
LEFT JOIN asset_exif e ON e."assetId" = a.id
WHERE a.id = $1
