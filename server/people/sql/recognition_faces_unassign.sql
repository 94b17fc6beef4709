-- Takes every face that machine learning found from its person.
UPDATE asset_face SET "personId" = NULL WHERE "sourceType" = 'machine-learning' AND "personId" IS NOT NULL
