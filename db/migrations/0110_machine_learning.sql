-- What machine learning adds to the original: which model the vectors of smart_search are of, and the things seen in
-- pictures (docs/adr/0012). Rows go with their assets; dropping the schema drops them.

-- One row a kind (`clip`). Vectors of another model mean nothing, so they are stored only while the name is the one here.
CREATE TABLE plus.embedding_model (
  kind text PRIMARY KEY,
  name text NOT NULL
);

-- A thing in a picture. The box is in fractions of the unedited preview, from its top left corner.
CREATE TABLE plus.asset_object (
  id uuid DEFAULT public.immich_uuid_v7() PRIMARY KEY,
  "assetId" uuid NOT NULL REFERENCES public.asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  label text NOT NULL,
  score real NOT NULL,
  x1 real NOT NULL,
  y1 real NOT NULL,
  x2 real NOT NULL,
  y2 real NOT NULL
);
CREATE INDEX "asset_object_assetId_idx" ON plus.asset_object ("assetId");
CREATE INDEX "asset_object_label_assetId_idx" ON plus.asset_object (label, "assetId");

-- Assets that were looked at, and by which model.
CREATE TABLE plus.asset_object_status (
  "assetId" uuid PRIMARY KEY REFERENCES public.asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  model text NOT NULL,
  "detectedAt" timestamptz NOT NULL DEFAULT now()
);
