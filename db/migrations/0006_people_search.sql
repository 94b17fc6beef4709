-- People, faces and recognised text, with the vectors and texts that searches run on.
-- 512 is the dimension of the default models; a model with another one alters the column.

CREATE TABLE asset_face (
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "personId" uuid,
  "imageWidth" integer NOT NULL DEFAULT 0,
  "imageHeight" integer NOT NULL DEFAULT 0,
  "boundingBoxX1" integer NOT NULL DEFAULT 0,
  "boundingBoxY1" integer NOT NULL DEFAULT 0,
  "boundingBoxX2" integer NOT NULL DEFAULT 0,
  "boundingBoxY2" integer NOT NULL DEFAULT 0,
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "sourceType" sourcetype NOT NULL DEFAULT 'machine-learning',
  "deletedAt" timestamptz,
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "isVisible" boolean NOT NULL DEFAULT true
);

CREATE TABLE person (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name varchar NOT NULL DEFAULT '',
  "thumbnailPath" varchar NOT NULL DEFAULT '',
  "isHidden" boolean NOT NULL DEFAULT false,
  "birthDate" date,
  "faceAssetId" uuid REFERENCES asset_face (id) ON DELETE SET NULL,
  "isFavorite" boolean NOT NULL DEFAULT false,
  color varchar,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  CONSTRAINT "person_birthDate_chk" CHECK ("birthDate" <= CURRENT_DATE)
);
ALTER TABLE asset_face ADD FOREIGN KEY ("personId") REFERENCES person (id) ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE face_search (
  "faceId" uuid PRIMARY KEY REFERENCES asset_face (id) ON DELETE CASCADE,
  embedding vector(512) NOT NULL
);

CREATE TABLE smart_search (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
  embedding vector(512) NOT NULL
);

CREATE TABLE asset_ocr (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  x1 real NOT NULL,
  y1 real NOT NULL,
  x2 real NOT NULL,
  y2 real NOT NULL,
  x3 real NOT NULL,
  y3 real NOT NULL,
  x4 real NOT NULL,
  y4 real NOT NULL,
  "boxScore" real NOT NULL,
  "textScore" real NOT NULL,
  text text NOT NULL,
  "isVisible" boolean NOT NULL DEFAULT true,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7()
);

CREATE TABLE ocr_search (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  text text NOT NULL
);

CREATE TABLE person_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "personId" uuid NOT NULL,
  "ownerId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE asset_face_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "assetFaceId" uuid NOT NULL,
  "assetId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE asset_ocr_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "assetId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
