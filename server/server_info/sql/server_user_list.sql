-- Every user in the order of sign-up. No parameters.
SELECT id, name, "quotaSizeInBytes" FROM "user" ORDER BY "createdAt"
