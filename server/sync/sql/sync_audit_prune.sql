-- Removes the traces of deletions that every client has seen or has to begin anew without.
-- $1 deleted before.
WITH users AS (DELETE FROM user_audit WHERE "deletedAt" < $1),
  user_data AS (DELETE FROM user_metadata_audit WHERE "deletedAt" < $1),
  partners AS (DELETE FROM partner_audit WHERE "deletedAt" < $1),
  assets AS (DELETE FROM asset_audit WHERE "deletedAt" < $1),
  asset_data AS (DELETE FROM asset_metadata_audit WHERE "deletedAt" < $1),
  edits AS (DELETE FROM asset_edit_audit WHERE "deletedAt" < $1),
  texts AS (DELETE FROM asset_ocr_audit WHERE "deletedAt" < $1),
  faces AS (DELETE FROM asset_face_audit WHERE "deletedAt" < $1),
  stacks AS (DELETE FROM stack_audit WHERE "deletedAt" < $1),
  people AS (DELETE FROM person_audit WHERE "deletedAt" < $1),
  albums AS (DELETE FROM album_audit WHERE "deletedAt" < $1),
  album_users AS (DELETE FROM album_user_audit WHERE "deletedAt" < $1),
  album_assets AS (DELETE FROM album_asset_audit WHERE "deletedAt" < $1),
  memories AS (DELETE FROM memory_audit WHERE "deletedAt" < $1)
DELETE FROM memory_asset_audit WHERE "deletedAt" < $1
