-- Remembers what was imported. $1 date of the data, $2 file name.
INSERT INTO system_metadata (key, value)
VALUES ('reverse-geocoding-state', jsonb_build_object('lastUpdate', $1::text, 'lastImportFileName', $2::text))
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
