-- Nobody else changes the model until the transaction ends; the number is the one of the original for the same purpose.
SELECT pg_advisory_xact_lock(512)
