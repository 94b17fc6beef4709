-- Which transactions changed what the grids of a library are made of (asset, asset_exif, stack), by the owner of the
-- assets. Answers that are kept in memory are checked against it (docs/adr/0011). Rows are dropped after a while.
-- One row a transaction and owner; the triggers run once a statement. Dropping the schema drops functions and triggers.

CREATE TABLE plus.library_change (
  scope uuid NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (scope, xid)
);

-- What was committed at a time, to know which changes everybody has seen. Marks of another run of the database server
-- count for nothing: after a restore its transaction numbers mean something else.
CREATE TABLE plus.library_mark (
  at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
  server_started_at timestamptz NOT NULL DEFAULT pg_postmaster_start_time(),
  snapshot pg_snapshot NOT NULL DEFAULT pg_current_snapshot()
);

CREATE FUNCTION plus.note_owned_new() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT DISTINCT "ownerId" FROM new_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE FUNCTION plus.note_owned_old() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT DISTINCT "ownerId" FROM old_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE FUNCTION plus.note_owned_both() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT "ownerId" FROM old_rows
  UNION
  SELECT "ownerId" FROM new_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER plus_note_insert AFTER INSERT ON public.asset REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_new();
CREATE TRIGGER plus_note_update AFTER UPDATE ON public.asset REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_both();
CREATE TRIGGER plus_note_delete AFTER DELETE ON public.asset REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_old();

CREATE TRIGGER plus_note_insert AFTER INSERT ON public.stack REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_new();
CREATE TRIGGER plus_note_update AFTER UPDATE ON public.stack REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_both();
CREATE TRIGGER plus_note_delete AFTER DELETE ON public.stack REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_owned_old();

-- EXIF rows belong to whom their asset belongs; those that go with their asset are noted by the asset's trigger.
CREATE FUNCTION plus.note_exif_new() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT DISTINCT a."ownerId" FROM new_rows JOIN public.asset a ON a.id = new_rows."assetId"
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE FUNCTION plus.note_exif_both() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT a."ownerId" FROM new_rows JOIN public.asset a ON a.id = new_rows."assetId"
  UNION
  SELECT a."ownerId" FROM old_rows JOIN public.asset a ON a.id = old_rows."assetId"
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE FUNCTION plus.note_exif_old() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO plus.library_change (scope)
  SELECT DISTINCT a."ownerId" FROM old_rows JOIN public.asset a ON a.id = old_rows."assetId"
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER plus_note_insert AFTER INSERT ON public.asset_exif REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_exif_new();
CREATE TRIGGER plus_note_update AFTER UPDATE ON public.asset_exif REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_exif_both();
CREATE TRIGGER plus_note_delete AFTER DELETE ON public.asset_exif REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION plus.note_exif_old();
