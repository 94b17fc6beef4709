-- Names of the migrations that the original ran, ascending. No parameters.
SELECT name FROM public.kysely_migrations ORDER BY name
