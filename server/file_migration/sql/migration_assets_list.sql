-- All assets. No parameters.
SELECT id FROM asset
