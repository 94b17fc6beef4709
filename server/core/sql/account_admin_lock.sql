-- Held to the end of the transaction: of two first sign-ups at the same time one waits and then finds the other's admin.
SELECT pg_advisory_xact_lock(hashtextextended('immich_admin_sign_up', 0))
