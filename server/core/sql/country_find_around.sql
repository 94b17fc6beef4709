-- The country a point lies in. $1 latitude, $2 longitude.
SELECT admin, admin_a3 FROM naturalearth_countries WHERE coordinates @> point($2, $1) LIMIT 1
