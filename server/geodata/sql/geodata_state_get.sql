-- What was imported last: the date of the data. No parameters.
SELECT coalesce(value->>'lastUpdate', '') FROM system_metadata WHERE key = 'reverse-geocoding-state'
