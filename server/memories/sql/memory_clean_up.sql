-- Deletes memories nobody saved that were made before a time. $1 time.
DELETE FROM memory WHERE "createdAt" < $1 AND NOT "isSaved"
