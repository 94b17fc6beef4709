-- Schema of everything this project adds to the original's database, and the list of the migrations that ran here.
-- Runs before any other file whenever it is missing; not in the list itself. Migrations from 100 on work in here.

CREATE SCHEMA IF NOT EXISTS plus;
COMMENT ON SCHEMA plus IS 'Additions to the Immich schema in public. Dropping it hands the database back.';

CREATE TABLE IF NOT EXISTS plus.migration (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- True when the original had already built what this migration builds.
  adopted boolean NOT NULL DEFAULT false
);
