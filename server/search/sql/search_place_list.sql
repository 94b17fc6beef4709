-- Places whose name resembles a text, or that of what they lie in; names of the place itself first. $1 text.
SELECT g.name, g."admin1Name", g."admin2Name", g.latitude, g.longitude
FROM geodata_places g
WHERE f_unaccent(g.name) %>> f_unaccent($1::text)
  OR f_unaccent(g."alternateNames") %>> f_unaccent($1::text)
  OR f_unaccent(g."admin2Name") %>> f_unaccent($1::text)
  OR f_unaccent(g."admin1Name") %>> f_unaccent($1::text)
ORDER BY least(
  f_unaccent(g.name) <->>> f_unaccent($1::text),
  0.1 + (f_unaccent(g."alternateNames") <->>> f_unaccent($1::text)),
  0.2 + (f_unaccent(g."admin2Name") <->>> f_unaccent($1::text)),
  0.3 + (f_unaccent(g."admin1Name") <->>> f_unaccent($1::text))
), length(g.name), g.id
LIMIT 20
