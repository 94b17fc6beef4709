-- The nearest place within 25 km. $1 latitude, $2 longitude.
SELECT name, "admin1Name", "countryCode"::text
FROM geodata_places
WHERE ll_to_earth_public(latitude, longitude) <@ earth_box(ll_to_earth_public($1, $2), 25000)
ORDER BY ll_to_earth_public(latitude, longitude) <-> ll_to_earth_public($1, $2)
LIMIT 1
