-- A face marked by hand. $1 asset, $2 person, $3 image width, $4 image height, $5 x1, $6 y1, $7 x2, $8 y2.
INSERT INTO asset_face ("assetId", "personId", "imageWidth", "imageHeight", "boundingBoxX1", "boundingBoxY1",
                        "boundingBoxX2", "boundingBoxY2", "sourceType")
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'manual')
RETURNING id
