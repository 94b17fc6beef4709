-- The instant before which every change of a synced row is committed: a row's update id is made when it is written, so one
-- written by a transaction that is still open would be skipped for good once a client has acknowledged later ones.
-- Transactions older than a minute are not waited for.
SELECT greatest(coalesce(min(s.xact_start), now()), now() - interval '1 minute') - interval '1 millisecond'
FROM pg_stat_activity s
WHERE s.datname = current_database() AND s.backend_xid IS NOT NULL AND s.pid <> pg_backend_pid()
  AND EXISTS (
    SELECT FROM pg_locks l
    WHERE l.pid = s.pid AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
      AND l.relation IN ('album'::regclass, 'album_asset'::regclass, 'album_user'::regclass, 'asset'::regclass,
                         'asset_edit'::regclass, 'asset_exif'::regclass, 'asset_face'::regclass, 'asset_metadata'::regclass,
                         'asset_ocr'::regclass, 'memory'::regclass, 'memory_asset'::regclass, 'partner'::regclass,
                         'person'::regclass, 'stack'::regclass, '"user"'::regclass, 'user_metadata'::regclass))
