-- Whether an administrator exists, and whether he finished the introduction. No parameters.
SELECT
  EXISTS (SELECT FROM "user" WHERE "isAdmin" AND "deletedAt" IS NULL),
  EXISTS (SELECT FROM system_metadata WHERE key = 'admin-onboarding' AND value -> 'isOnboarded' = 'true'::jsonb)
