-- Gives an asset the size of its original again, upright. $1 asset.
UPDATE asset
SET width = CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageHeight" ELSE e."exifImageWidth" END,
    height = CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageWidth" ELSE e."exifImageHeight" END
FROM asset_exif e
WHERE asset.id = $1 AND e."assetId" = asset.id AND e."exifImageWidth" IS NOT NULL AND e."exifImageHeight" IS NOT NULL
