-- Forgets every face that machine learning found.
DELETE FROM asset_face WHERE "sourceType" = 'machine-learning'
