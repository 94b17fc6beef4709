-- Versions that ran on this database, newest first. No parameters.
SELECT id, "createdAt", version FROM version_history ORDER BY "createdAt" DESC
