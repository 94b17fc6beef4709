-- New faces in a picture. $1 asset, $2 image width, $3 image height; parallel arrays: $4 ids, $5 x1, $6 y1, $7 x2, $8 y2.
INSERT INTO asset_face (id, "assetId", "imageWidth", "imageHeight", "boundingBoxX1", "boundingBoxY1", "boundingBoxX2",
                        "boundingBoxY2", "sourceType")
SELECT w.id, $1, $2, $3, w.x1, w.y1, w.x2, w.y2, 'machine-learning'
FROM unnest($4::uuid[], $5::int8[], $6::int8[], $7::int8[], $8::int8[]) AS w (id, x1, y1, x2, y2)
