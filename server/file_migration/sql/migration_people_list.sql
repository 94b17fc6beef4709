-- All people who have a picture. No parameters.
SELECT id FROM person WHERE "thumbnailPath" <> ''
