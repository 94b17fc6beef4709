-- What is committed now, and whether one of the libraries changed since then. $1 owners (uuid[]), $2 an earlier
-- snapshot or null.
SELECT pg_current_snapshot()::text, pg_postmaster_start_time(),
  EXISTS (
    SELECT FROM plus.library_change c
    WHERE c.scope = ANY($1::uuid[])
      AND c.xid >= pg_snapshot_xmin($2::pg_snapshot)
      AND NOT pg_visible_in_snapshot(c.xid, $2::pg_snapshot)
  )
