-- The lines of text in a picture. $1 asset; parallel arrays: $2 … $9 corners x1, y1 … x4, y4, $10 box scores, $11 text
-- scores, $12 texts, $13 whether the line shows in the edited picture (booleans as text).
INSERT INTO asset_ocr ("assetId", x1, y1, x2, y2, x3, y3, x4, y4, "boxScore", "textScore", text, "isVisible")
SELECT $1, w.*
FROM unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[],
            $10::float8[], $11::float8[], $12::text[], $13::text[]::boolean[])
  AS w (x1, y1, x2, y2, x3, y3, x4, y4, box_score, text_score, text, is_visible)
