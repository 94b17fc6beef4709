-- What a database holds before anything is read from our own or the original's tables. No parameters.
-- public_is_empty ignores what extensions brought.
WITH extension_member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
SELECT
  to_regclass('plus.migration') IS NOT NULL AS has_plus,
  to_regclass('public.kysely_migrations') IS NOT NULL AS has_original,
  NOT EXISTS (
    SELECT FROM pg_class
    WHERE relnamespace = to_regnamespace('public')
      AND ('pg_class'::regclass, oid) NOT IN (SELECT classid, objid FROM extension_member)
  ) AND NOT EXISTS (
    SELECT FROM pg_proc
    WHERE pronamespace = to_regnamespace('public')
      AND ('pg_proc'::regclass, oid) NOT IN (SELECT classid, objid FROM extension_member)
  ) AND NOT EXISTS (
    SELECT FROM pg_type
    WHERE typnamespace = to_regnamespace('public') AND typtype IN ('e', 'd')
      AND ('pg_type'::regclass, oid) NOT IN (SELECT classid, objid FROM extension_member)
  ) AS public_is_empty
