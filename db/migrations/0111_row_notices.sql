-- Tells which rows changed that facts in memory are made of: sessions, API keys, users, assets and their files
-- (docs/adr/0013). Every process listens on the channel plus_row; a payload is the id of a row, or * for any. Only
-- columns that such facts hold count, and a new row changes no fact, so that uploads and their jobs send nothing: a
-- transaction that notifies waits for all others that do. Dropping the schema drops functions and triggers.

-- After a hundred rows in one transaction, all are meant.
CREATE FUNCTION plus.tell(p_id uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  told integer := coalesce(nullif(current_setting('plus.told', true), '')::integer, 0);
BEGIN
  IF told < 100 THEN
    PERFORM pg_notify('plus_row', p_id::text);
  ELSIF told = 100 THEN
    PERFORM pg_notify('plus_row', '*');
  ELSE
    RETURN;
  END IF;
  PERFORM set_config('plus.told', (told + 1)::text, true);
END
$$;

CREATE FUNCTION plus.tell_row() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM plus.tell(OLD.id);
  RETURN NULL;
END
$$;

-- A file is a fact about its asset.
CREATE FUNCTION plus.tell_file() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM plus.tell(OLD."assetId");
  END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW."assetId" <> OLD."assetId") THEN
    PERFORM plus.tell(NEW."assetId");
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION plus.tell_all() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('plus_row', '*');
  RETURN NULL;
END
$$;

-- "updatedAt" only says when the session was last noted to be in use; it matters when it goes back.
CREATE TRIGGER plus_tell_update AFTER UPDATE ON public.session FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.token <> NEW.token OR OLD."userId" <> NEW."userId"
        OR OLD."expiresAt" IS DISTINCT FROM NEW."expiresAt" OR OLD."pinExpiresAt" IS DISTINCT FROM NEW."pinExpiresAt"
        OR OLD."appVersion" IS DISTINCT FROM NEW."appVersion" OR NEW."updatedAt" < OLD."updatedAt")
  EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_delete AFTER DELETE ON public.session FOR EACH ROW EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_truncate AFTER TRUNCATE ON public.session EXECUTE FUNCTION plus.tell_all();

CREATE TRIGGER plus_tell_update AFTER UPDATE ON public.api_key FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.key <> NEW.key OR OLD."userId" <> NEW."userId" OR OLD.permissions <> NEW.permissions)
  EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_delete AFTER DELETE ON public.api_key FOR EACH ROW EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_truncate AFTER TRUNCATE ON public.api_key EXECUTE FUNCTION plus.tell_all();

-- "quotaUsageInBytes" changes with every upload and is no fact to keep.
CREATE TRIGGER plus_tell_update AFTER UPDATE ON public."user" FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.name <> NEW.name OR OLD.email <> NEW.email OR OLD."isAdmin" <> NEW."isAdmin"
        OR OLD."deletedAt" IS DISTINCT FROM NEW."deletedAt"
        OR OLD."quotaSizeInBytes" IS DISTINCT FROM NEW."quotaSizeInBytes")
  EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_delete AFTER DELETE ON public."user" FOR EACH ROW EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_truncate AFTER TRUNCATE ON public."user" EXECUTE FUNCTION plus.tell_all();

CREATE TRIGGER plus_tell_update AFTER UPDATE ON public.asset FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD."ownerId" <> NEW."ownerId" OR OLD.visibility <> NEW.visibility
        OR OLD."originalPath" <> NEW."originalPath" OR OLD."originalFileName" <> NEW."originalFileName"
        OR OLD."isEdited" <> NEW."isEdited")
  EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_delete AFTER DELETE ON public.asset FOR EACH ROW EXECUTE FUNCTION plus.tell_row();
CREATE TRIGGER plus_tell_truncate AFTER TRUNCATE ON public.asset EXECUTE FUNCTION plus.tell_all();

-- A missing file is no fact to keep, but an edited form takes the place of what is there.
CREATE TRIGGER plus_tell_insert AFTER INSERT ON public.asset_file FOR EACH ROW
  WHEN (NEW."isEdited") EXECUTE FUNCTION plus.tell_file();
CREATE TRIGGER plus_tell_update AFTER UPDATE ON public.asset_file FOR EACH ROW
  WHEN (OLD."assetId" <> NEW."assetId" OR OLD.type <> NEW.type OR OLD.path <> NEW.path
        OR OLD."isEdited" <> NEW."isEdited")
  EXECUTE FUNCTION plus.tell_file();
CREATE TRIGGER plus_tell_delete AFTER DELETE ON public.asset_file FOR EACH ROW EXECUTE FUNCTION plus.tell_file();
CREATE TRIGGER plus_tell_truncate AFTER TRUNCATE ON public.asset_file EXECUTE FUNCTION plus.tell_all();
