-- Accounts: users, their sessions, API keys, partners and notifications. The *_audit tables hold one row for each
-- deleted row until the clients have heard of it.

CREATE TABLE "user" (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  email varchar NOT NULL,
  password varchar NOT NULL DEFAULT '',
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "profileImagePath" varchar NOT NULL DEFAULT '',
  "isAdmin" boolean NOT NULL DEFAULT false,
  "shouldChangePassword" boolean NOT NULL DEFAULT true,
  "deletedAt" timestamptz,
  "oauthId" varchar NOT NULL DEFAULT '',
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "storageLabel" varchar,
  name varchar NOT NULL DEFAULT '',
  "quotaSizeInBytes" bigint,
  "quotaUsageInBytes" bigint NOT NULL DEFAULT 0,
  status varchar NOT NULL DEFAULT 'active',
  "profileChangedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "avatarColor" varchar,
  "pinCode" varchar,
  CONSTRAINT user_email_uq UNIQUE (email),
  CONSTRAINT "user_storageLabel_uq" UNIQUE ("storageLabel")
);

CREATE TABLE user_metadata (
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  key varchar NOT NULL,
  value jsonb NOT NULL,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("userId", key)
);

CREATE TABLE user_audit (
  "userId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY
);

CREATE TABLE user_metadata_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "userId" uuid NOT NULL,
  key varchar NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE session (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  token bytea NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "deviceType" varchar NOT NULL DEFAULT '',
  "deviceOS" varchar NOT NULL DEFAULT '',
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "pinExpiresAt" timestamptz,
  "expiresAt" timestamptz,
  "parentId" uuid REFERENCES session (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "isPendingSyncReset" boolean NOT NULL DEFAULT false,
  "appVersion" varchar,
  "oauthSid" varchar,
  "oauthBearerToken" varchar
);

CREATE TABLE session_sync_checkpoint (
  "sessionId" uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE ON UPDATE CASCADE,
  type varchar NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  ack varchar NOT NULL,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  PRIMARY KEY ("sessionId", type)
);

CREATE TABLE api_key (
  name varchar NOT NULL,
  key bytea NOT NULL,
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  permissions varchar[] NOT NULL,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7()
);

CREATE TABLE partner (
  "sharedById" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  "sharedWithId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "inTimeline" boolean NOT NULL DEFAULT false,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "createId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  PRIMARY KEY ("sharedById", "sharedWithId")
);

CREATE TABLE partner_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "sharedById" uuid NOT NULL,
  "sharedWithId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE notification (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "deletedAt" timestamptz,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "userId" uuid REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  level varchar NOT NULL DEFAULT 'info',
  type varchar NOT NULL DEFAULT 'info',
  data jsonb,
  title varchar NOT NULL,
  description text,
  "readAt" timestamptz
);
