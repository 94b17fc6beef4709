-- Libraries, assets and what belongs to exactly one asset. Faces, text and vectors are in 0006.

CREATE TABLE library (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  name varchar NOT NULL,
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "importPaths" text[] NOT NULL,
  "exclusionPatterns" text[] NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "deletedAt" timestamptz,
  "refreshedAt" timestamptz,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7()
);

CREATE TABLE asset (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  type varchar NOT NULL,
  "originalPath" varchar NOT NULL,
  "fileCreatedAt" timestamptz NOT NULL,
  "fileModifiedAt" timestamptz NOT NULL,
  "isFavorite" boolean NOT NULL DEFAULT false,
  duration integer,
  checksum bytea NOT NULL,
  "livePhotoVideoId" uuid REFERENCES asset (id) ON DELETE SET NULL ON UPDATE CASCADE,
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "originalFileName" varchar NOT NULL,
  thumbhash bytea,
  "isOffline" boolean NOT NULL DEFAULT false,
  "libraryId" uuid REFERENCES library (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "isExternal" boolean NOT NULL DEFAULT false,
  "deletedAt" timestamptz,
  "localDateTime" timestamptz NOT NULL,
  "stackId" uuid,
  "duplicateId" uuid,
  status assets_status_enum NOT NULL DEFAULT 'active',
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  visibility asset_visibility_enum NOT NULL DEFAULT 'timeline',
  width integer,
  height integer,
  "isEdited" boolean NOT NULL DEFAULT false,
  "checksumAlgorithm" asset_checksum_algorithm_enum NOT NULL
);

CREATE TABLE stack (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "primaryAssetId" uuid NOT NULL REFERENCES asset (id),
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  CONSTRAINT "stack_primaryAssetId_uq" UNIQUE ("primaryAssetId")
);

CREATE TABLE asset_exif (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
  make varchar,
  model varchar,
  "exifImageWidth" integer,
  "exifImageHeight" integer,
  "fileSizeInByte" bigint,
  orientation varchar,
  "dateTimeOriginal" timestamptz,
  "modifyDate" timestamptz,
  "lensModel" varchar,
  "fNumber" double precision,
  "focalLength" double precision,
  iso integer,
  latitude double precision,
  longitude double precision,
  city varchar,
  state varchar,
  country varchar,
  description text NOT NULL DEFAULT '',
  fps double precision,
  "exposureTime" varchar,
  "livePhotoCID" varchar,
  "timeZone" varchar,
  "projectionType" varchar,
  "profileDescription" varchar,
  colorspace varchar,
  "bitsPerSample" integer,
  "autoStackId" varchar,
  rating integer,
  "updatedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "lockedProperties" varchar[],
  tags varchar[]
);

CREATE TABLE asset_file (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  type varchar NOT NULL,
  path varchar NOT NULL,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "isEdited" boolean NOT NULL DEFAULT false,
  "isProgressive" boolean NOT NULL DEFAULT false,
  "isTransparent" boolean NOT NULL DEFAULT false,
  CONSTRAINT "asset_file_assetId_type_isEdited_uq" UNIQUE ("assetId", type, "isEdited")
);

CREATE TABLE asset_job_status (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "facesRecognizedAt" timestamptz,
  "metadataExtractedAt" timestamptz,
  "duplicatesDetectedAt" timestamptz,
  "ocrAt" timestamptz
);

CREATE TABLE asset_metadata (
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  key varchar NOT NULL,
  value jsonb NOT NULL,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("assetId", key)
);

CREATE TABLE asset_edit (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  action varchar NOT NULL,
  parameters jsonb NOT NULL,
  sequence integer NOT NULL,
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  CONSTRAINT "asset_edit_assetId_sequence_uq" UNIQUE ("assetId", sequence)
);

CREATE TABLE asset_audio (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
  bitrate integer NOT NULL,
  index smallint NOT NULL,
  profile smallint,
  "codecName" text NOT NULL
);

CREATE TABLE asset_video (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
  bitrate integer NOT NULL,
  "frameCount" integer NOT NULL,
  "timeBase" integer NOT NULL,
  index smallint NOT NULL,
  profile smallint,
  level smallint,
  "colorPrimaries" smallint NOT NULL,
  "colorTransfer" smallint NOT NULL,
  "colorMatrix" smallint NOT NULL,
  "dvProfile" smallint,
  "dvLevel" smallint,
  "dvBlSignalCompatibilityId" smallint,
  "codecName" text NOT NULL,
  "formatName" text NOT NULL,
  "formatLongName" text NOT NULL,
  "pixelFormat" text NOT NULL
);

CREATE TABLE asset_keyframe (
  "assetId" uuid PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
  pts integer[] NOT NULL,
  "accDuration" integer[] NOT NULL,
  "ownDuration" integer[] NOT NULL,
  "totalDuration" integer NOT NULL,
  "packetCount" integer NOT NULL,
  "outputFrames" integer NOT NULL
);

CREATE TABLE video_stream_session (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE video_stream_variant (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "sessionId" uuid NOT NULL REFERENCES video_stream_session (id) ON DELETE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  bitrate integer NOT NULL,
  codec video_stream_variant_codec_enum NOT NULL,
  resolution smallint NOT NULL
);

CREATE TABLE video_stream_segment (
  "variantId" uuid NOT NULL REFERENCES video_stream_variant (id) ON DELETE CASCADE,
  index integer NOT NULL,
  "durationUs" integer NOT NULL,
  PRIMARY KEY ("variantId", index)
);

CREATE TABLE asset_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "assetId" uuid NOT NULL,
  "ownerId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE asset_metadata_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "assetId" uuid NOT NULL,
  key varchar NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE asset_edit_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "editId" uuid NOT NULL,
  "assetId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE stack_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "stackId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE asset ADD FOREIGN KEY ("stackId") REFERENCES stack (id) ON DELETE SET NULL ON UPDATE CASCADE;
