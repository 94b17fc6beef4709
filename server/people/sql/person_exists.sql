-- Which of the ids are persons, whoever's they are. $1 ids.
SELECT p.id FROM person p WHERE p.id = ANY ($1::uuid[])
