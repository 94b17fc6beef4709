-- Adds shapes of countries, in parallel arrays. $1 names, $2 alpha-3 codes, $3 types, $4 polygons as text.
INSERT INTO naturalearth_countries (admin, admin_a3, type, coordinates)
SELECT left(s.admin, 50), left(s.code, 3), left(s.type, 50), s.shape::polygon
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS s (admin, code, type, shape)
