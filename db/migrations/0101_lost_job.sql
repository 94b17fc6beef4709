-- Assets whose jobs were lost and queued again by the search for such assets, and how often: a file that cannot be read is
-- not tried for ever.

CREATE TABLE plus.lost_job (
  asset_id uuid PRIMARY KEY REFERENCES public.asset (id) ON DELETE CASCADE,
  tries integer NOT NULL DEFAULT 1,
  tried_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
