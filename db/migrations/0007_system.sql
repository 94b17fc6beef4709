-- Server state, places, plugins and workflows, and the bookkeeping of the original's migrations.

CREATE TABLE system_metadata (
  key varchar PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE version_history (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  version varchar NOT NULL
);

CREATE TABLE move_history (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "entityId" uuid NOT NULL,
  "pathType" varchar NOT NULL,
  "oldPath" varchar NOT NULL,
  "newPath" varchar NOT NULL,
  CONSTRAINT "UQ_entityId_pathType" UNIQUE ("entityId", "pathType"),
  CONSTRAINT "UQ_newPath" UNIQUE ("newPath")
);

CREATE TABLE integrity_report (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  type varchar NOT NULL,
  path varchar NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "assetId" uuid REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "fileAssetId" uuid REFERENCES asset_file (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT integrity_report_type_path_uq UNIQUE (type, path)
);

CREATE TABLE geodata_places (
  id integer PRIMARY KEY WITH (fillfactor = 100),
  name varchar(200) NOT NULL,
  longitude double precision NOT NULL,
  latitude double precision NOT NULL,
  "countryCode" char(2) NOT NULL,
  "admin1Code" varchar(20),
  "admin2Code" varchar(80),
  "modificationDate" date NOT NULL,
  "admin1Name" varchar,
  "admin2Name" varchar,
  "alternateNames" varchar
);

CREATE TABLE naturalearth_countries (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY WITH (fillfactor = 100),
  admin varchar(50) NOT NULL,
  admin_a3 varchar(3) NOT NULL,
  type varchar(50) NOT NULL,
  coordinates polygon NOT NULL
);
-- Importing anew builds a second table and renames it; the sequence keeps the name and type it got that way.
ALTER SEQUENCE naturalearth_countries_id_seq RENAME TO naturalearth_countries_tmp_id_seq;
ALTER SEQUENCE naturalearth_countries_tmp_id_seq AS bigint MAXVALUE 2147483647;

CREATE TABLE plugin (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  enabled boolean NOT NULL DEFAULT true,
  name varchar NOT NULL,
  version varchar NOT NULL,
  title varchar NOT NULL,
  description varchar NOT NULL,
  author varchar NOT NULL,
  "wasmBytes" bytea NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  templates jsonb NOT NULL,
  sha256hash bytea NOT NULL,
  CONSTRAINT plugin_name_uq UNIQUE (name),
  CONSTRAINT plugin_name_version_uq UNIQUE (name, version)
);

CREATE TABLE plugin_method (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "pluginId" uuid NOT NULL REFERENCES plugin (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name varchar NOT NULL,
  title varchar NOT NULL,
  description varchar NOT NULL,
  types varchar[] NOT NULL,
  "hostFunctions" boolean NOT NULL DEFAULT false,
  "uiHints" varchar[] NOT NULL DEFAULT '{}',
  schema jsonb,
  "allowedHosts" varchar[] NOT NULL DEFAULT '{}',
  CONSTRAINT "plugin_method_pluginId_name_uq" UNIQUE ("pluginId", name)
);

CREATE TABLE workflow (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  trigger varchar NOT NULL,
  name varchar,
  description varchar,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  enabled boolean NOT NULL DEFAULT true
);

CREATE TABLE workflow_step (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  enabled boolean NOT NULL DEFAULT true,
  "workflowId" uuid NOT NULL REFERENCES workflow (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "pluginMethodId" uuid NOT NULL REFERENCES plugin_method (id) ON DELETE CASCADE ON UPDATE CASCADE,
  config jsonb,
  "order" integer NOT NULL
);

CREATE TABLE kysely_migrations (
  name varchar(255) PRIMARY KEY,
  timestamp varchar(255) NOT NULL
);

CREATE TABLE kysely_migrations_lock (
  id varchar(255) PRIMARY KEY,
  is_locked integer NOT NULL DEFAULT 0
);

CREATE TABLE migration_overrides (
  name varchar PRIMARY KEY,
  value jsonb NOT NULL
);
