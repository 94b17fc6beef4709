-- Whether there are places, and whether somebody holds the lock for importing them (100). No parameters.
SELECT EXISTS (SELECT FROM geodata_places) AS has_places,
       EXISTS (SELECT FROM pg_locks
               WHERE locktype = 'advisory' AND classid = 0 AND objid = 100 AND granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS is_importing
