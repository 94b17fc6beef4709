-- Hides the recognised texts of which less than half is in what the crop left, and shows the rest. Boxes are fractions of
-- the upright original. $1 asset.
WITH crop AS (
  SELECT (d.parameters->>'x')::double precision / w.width AS x1, (d.parameters->>'y')::double precision / w.height AS y1,
         ((d.parameters->>'x')::double precision + (d.parameters->>'width')::double precision) / w.width AS x2,
         ((d.parameters->>'y')::double precision + (d.parameters->>'height')::double precision) / w.height AS y2
  FROM asset_edit d
  JOIN asset_exif e ON e."assetId" = d."assetId"
  CROSS JOIN LATERAL (
    SELECT nullif(CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageHeight"
                       ELSE e."exifImageWidth" END, 0)::double precision AS width,
           nullif(CASE WHEN e.orientation IN ('5', '6', '7', '8', '-90', '90') THEN e."exifImageWidth"
                       ELSE e."exifImageHeight" END, 0)::double precision AS height
  ) w
  WHERE d."assetId" = $1 AND d.action = 'crop'
), boxes AS (
  SELECT o.id, least(o.x1, o.x2, o.x3, o.x4) AS x1, greatest(o.x1, o.x2, o.x3, o.x4) AS x2,
         least(o.y1, o.y2, o.y3, o.y4) AS y1, greatest(o.y1, o.y2, o.y3, o.y4) AS y2
  FROM asset_ocr o WHERE o."assetId" = $1
), shown AS (
  SELECT b.id,
         c.x1 IS NULL
         OR greatest(0, least(b.x2, c.x2) - greatest(b.x1, c.x1)) * greatest(0, least(b.y2, c.y2) - greatest(b.y1, c.y1))
            >= 0.5 * (b.x2 - b.x1) * (b.y2 - b.y1) AS is_visible
  FROM boxes b LEFT JOIN crop c ON true
)
UPDATE asset_ocr o SET "isVisible" = shown.is_visible
FROM shown
WHERE o.id = shown.id AND o."isVisible" IS DISTINCT FROM shown.is_visible
