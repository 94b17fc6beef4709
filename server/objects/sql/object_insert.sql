-- The things in a picture. $1 asset; parallel arrays: $2 labels, $3 scores, $4 x1, $5 y1, $6 x2, $7 y2.
INSERT INTO plus.asset_object ("assetId", label, score, x1, y1, x2, y2)
SELECT $1, w.*
FROM unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
  AS w (label, score, x1, y1, x2, y2)
