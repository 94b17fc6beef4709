-- Assets whose time in the trash is up, and those whose deletion was asked for but got lost. $1 trashed at the latest.
SELECT id FROM asset WHERE "deletedAt" <= $1 OR (status = 'deleted' AND "deletedAt" IS NOT NULL)
