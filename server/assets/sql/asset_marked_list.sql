-- Assets marked for deletion.
SELECT id FROM asset WHERE status = 'deleted' AND "deletedAt" IS NOT NULL
