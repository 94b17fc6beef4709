-- Forgets all countries before they are imported anew. No parameters.
DELETE FROM naturalearth_countries
