-- Everybody whose assets count for the cities that are shown. No parameters.
SELECT id FROM "user"
