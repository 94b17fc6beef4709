-- Drops changes that were committed before a mark of more than 15 minutes ago, and those of another database cluster
-- (restored with it); sets a new mark. Does nothing while another process does it. No parameters.
WITH turn AS MATERIALIZED (
  SELECT pg_try_advisory_xact_lock(610) AS mine
),
old_mark AS MATERIALIZED (
  SELECT at, snapshot FROM plus.library_mark
  WHERE at < clock_timestamp() - interval '15 minutes' AND server_started_at = pg_postmaster_start_time()
  ORDER BY at DESC LIMIT 1
),
dropped_changes AS (
  DELETE FROM plus.library_change
  USING turn
  WHERE turn.mine
    AND (pg_visible_in_snapshot(xid, (SELECT snapshot FROM old_mark))
      OR xid >= pg_snapshot_xmax(pg_current_snapshot()))
),
dropped_marks AS (
  DELETE FROM plus.library_mark m
  USING turn
  WHERE turn.mine
    AND (m.at < (SELECT at FROM old_mark) OR m.server_started_at <> pg_postmaster_start_time())
)
INSERT INTO plus.library_mark (at)
SELECT clock_timestamp() FROM turn WHERE mine
ON CONFLICT DO NOTHING
