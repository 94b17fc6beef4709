-- Triggers of the mobile sync protocol. Every synced row carries a time-ordered "updateId"; a deleted row leaves a row
-- in its audit table, whose time-ordered id takes the place of the "updateId".
--
-- WHEN (pg_trigger_depth() = 0) lets only deletes pass that a statement asked for: what a foreign key removes is implied
-- by the deletion of the parent, which the client hears of. Tables with `<= 1` also record what a cascade removes,
-- because the parent that went (the asset, the user) is not the one whose members are told (the album, the memory).
-- Inside a function the depth does not tell a cascade from a direct delete: both read 1.
-- Inside a function `old.` would mean PL/pgSQL's own OLD, hence the alias where the table is joined.

CREATE FUNCTION user_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO user_audit ("userId")
  SELECT id FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER user_delete_audit AFTER DELETE ON "user" REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION user_delete_audit();

CREATE FUNCTION user_metadata_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO user_metadata_audit ("userId", key)
  SELECT "userId", key FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER user_metadata_audit AFTER DELETE ON user_metadata REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION user_metadata_audit();

CREATE FUNCTION partner_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO partner_audit ("sharedById", "sharedWithId")
  SELECT "sharedById", "sharedWithId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER partner_delete_audit AFTER DELETE ON partner REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION partner_delete_audit();

CREATE FUNCTION asset_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO asset_audit ("assetId", "ownerId")
  SELECT id, "ownerId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_delete_audit AFTER DELETE ON asset REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_delete_audit();

CREATE FUNCTION asset_metadata_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO asset_metadata_audit ("assetId", key)
  SELECT "assetId", key FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_metadata_audit AFTER DELETE ON asset_metadata REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_metadata_audit();

CREATE FUNCTION stack_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO stack_audit ("stackId", "userId")
  SELECT id, "ownerId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER stack_delete_audit AFTER DELETE ON stack REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION stack_delete_audit();

CREATE FUNCTION memory_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO memory_audit ("memoryId", "userId")
  SELECT id, "ownerId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER memory_delete_audit AFTER DELETE ON memory REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION memory_delete_audit();

CREATE FUNCTION person_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO person_audit ("personId", "ownerId")
  SELECT id, "ownerId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER person_delete_audit AFTER DELETE ON person REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION person_delete_audit();

CREATE FUNCTION asset_face_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO asset_face_audit ("assetFaceId", "assetId")
  SELECT id, "assetId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_face_audit AFTER DELETE ON asset_face REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_face_audit();

-- The audit row names the asset, not the line of text: one row says that all lines known so far are to be dropped.
CREATE FUNCTION asset_ocr_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO asset_ocr_audit ("assetId")
  SELECT DISTINCT "assetId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_ocr_delete_audit AFTER DELETE ON asset_ocr REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_ocr_delete_audit();

-- Members of a deleted album: the foreign key of album_asset_audit lets only rows of living albums in.
CREATE FUNCTION album_asset_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO album_asset_audit ("albumId", "assetId")
  SELECT removed."albumId", removed."assetId"
  FROM old AS removed
  JOIN album ON album.id = removed."albumId";
  RETURN NULL;
END
$$;
CREATE TRIGGER album_asset_delete_audit AFTER DELETE ON album_asset REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() <= 1) EXECUTE FUNCTION album_asset_delete_audit();

CREATE FUNCTION memory_asset_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO memory_asset_audit ("memoryId", "assetId")
  SELECT removed."memoriesId", removed."assetId"
  FROM old AS removed
  JOIN memory ON memory.id = removed."memoriesId";
  RETURN NULL;
END
$$;
CREATE TRIGGER memory_asset_delete_audit AFTER DELETE ON memory_asset REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() <= 1) EXECUTE FUNCTION memory_asset_delete_audit();

-- The user who is out is told that the album is gone (album_audit), whatever the way. The remaining members are told
-- that he left (album_user_audit) only when there is an album and a user left to speak of.
CREATE FUNCTION album_user_delete_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO album_audit ("albumId", "userId")
  SELECT "albumId", "userId" FROM old;

  INSERT INTO album_user_audit ("albumId", "userId")
  SELECT removed."albumId", removed."userId"
  FROM old AS removed
  JOIN album ON album.id = removed."albumId"
  JOIN "user" ON "user".id = removed."userId";
  RETURN NULL;
END
$$;
CREATE TRIGGER album_user_delete_audit AFTER DELETE ON album_user REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() <= 1) EXECUTE FUNCTION album_user_delete_audit();

-- A new member has not seen the album yet: a new "updateId" (through album_updatedAt) sends it.
CREATE FUNCTION album_user_after_insert() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE album SET "updatedAt" = clock_timestamp()
  WHERE id IN (SELECT "albumId" FROM inserted_rows);
  RETURN NULL;
END
$$;
CREATE TRIGGER album_user_after_insert AFTER INSERT ON album_user REFERENCING NEW TABLE AS inserted_rows
  FOR EACH STATEMENT EXECUTE FUNCTION album_user_after_insert();

CREATE FUNCTION asset_edit_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO asset_edit_audit ("editId", "assetId")
  SELECT id, "assetId" FROM old;
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_edit_audit AFTER DELETE ON asset_edit REFERENCING OLD TABLE AS old FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_edit_audit();

-- asset."isEdited" says whether the asset has edits.
CREATE FUNCTION asset_edit_insert() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE asset SET "isEdited" = true
  WHERE NOT "isEdited" AND id IN (SELECT "assetId" FROM inserted_edit);
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_edit_insert AFTER INSERT ON asset_edit REFERENCING NEW TABLE AS inserted_edit FOR EACH STATEMENT
  EXECUTE FUNCTION asset_edit_insert();

CREATE FUNCTION asset_edit_delete() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE asset SET "isEdited" = false
  WHERE "isEdited"
    AND id IN (SELECT "assetId" FROM deleted_edit)
    AND NOT EXISTS (SELECT FROM asset_edit WHERE asset_edit."assetId" = asset.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER asset_edit_delete AFTER DELETE ON asset_edit REFERENCING OLD TABLE AS deleted_edit FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION asset_edit_delete();
