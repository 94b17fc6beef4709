-- One asset of a user at a time, so that groups do not fall apart. $1 owner.
SELECT pg_advisory_xact_lock(hashtextextended('duplicates ' || $1::text, 0))
