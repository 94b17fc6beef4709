-- A face a file names; it becomes the person's picture when that has none. $1 asset, $2 person, $3 to $6 box, $7 and $8
-- size of the picture.
WITH face AS (
  INSERT INTO asset_face ("assetId", "personId", "boundingBoxX1", "boundingBoxY1", "boundingBoxX2", "boundingBoxY2",
                          "imageWidth", "imageHeight", "sourceType")
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'exif')
  RETURNING id, "personId"
)
UPDATE person SET "faceAssetId" = face.id FROM face WHERE person.id = face."personId" AND person."faceAssetId" IS NULL
