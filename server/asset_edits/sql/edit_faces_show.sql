-- Hides the faces of which less than half is in what the crop left, and shows the rest. Boxes are scaled from the picture
-- they were found in to the upright original. $1 asset.
WITH original AS (
  SELECT CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageHeight" ELSE e."exifImageWidth" END
           ::double precision AS width,
         CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageWidth" ELSE e."exifImageHeight" END
           ::double precision AS height
  FROM asset_exif e WHERE e."assetId" = $1
), crop AS (
  SELECT (d.parameters->>'x')::double precision AS x, (d.parameters->>'y')::double precision AS y,
         (d.parameters->>'width')::double precision AS width, (d.parameters->>'height')::double precision AS height
  FROM asset_edit d WHERE d."assetId" = $1 AND d.action = 'crop'
), boxes AS (
  SELECT f.id, f."boundingBoxX1" * o.width / f."imageWidth" AS x1, f."boundingBoxX2" * o.width / f."imageWidth" AS x2,
         f."boundingBoxY1" * o.height / f."imageHeight" AS y1, f."boundingBoxY2" * o.height / f."imageHeight" AS y2
  FROM asset_face f CROSS JOIN original o
  WHERE f."assetId" = $1 AND f."imageWidth" > 0 AND f."imageHeight" > 0
), shown AS (
  SELECT b.id,
         c.x IS NULL
         OR greatest(0, least(b.x2, c.x + c.width) - greatest(b.x1, c.x))
            * greatest(0, least(b.y2, c.y + c.height) - greatest(b.y1, c.y))
            >= 0.5 * (b.x2 - b.x1) * (b.y2 - b.y1) AS is_visible
  FROM boxes b LEFT JOIN crop c ON true
)
UPDATE asset_face f SET "isVisible" = shown.is_visible
FROM shown
WHERE f.id = shown.id AND f."isVisible" IS DISTINCT FROM shown.is_visible
