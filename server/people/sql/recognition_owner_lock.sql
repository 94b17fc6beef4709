-- One face of a user at a time, so that two workers do not make two persons of one. $1 owner.
SELECT pg_advisory_xact_lock(hashtextextended('facial recognition ' || $1::text, 0))
