-- Albums, activity, shared links, memories and tags: collections of assets.

CREATE TABLE album (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "albumName" varchar NOT NULL DEFAULT 'Untitled Album',
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "albumThumbnailAssetId" uuid REFERENCES asset (id) ON DELETE SET NULL ON UPDATE CASCADE,
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  description text NOT NULL DEFAULT '',
  "deletedAt" timestamptz,
  "isActivityEnabled" boolean NOT NULL DEFAULT true,
  "order" varchar NOT NULL DEFAULT 'desc',
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7()
);
COMMENT ON COLUMN album."albumThumbnailAssetId" IS 'Asset ID to be used as thumbnail';

CREATE TABLE album_user (
  "albumId" uuid NOT NULL REFERENCES album (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  role album_user_role_enum NOT NULL DEFAULT 'editor',
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "createId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("albumId", "userId")
);

CREATE TABLE album_asset (
  "albumId" uuid NOT NULL REFERENCES album (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  PRIMARY KEY ("albumId", "assetId")
);

CREATE TABLE activity (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "albumId" uuid NOT NULL REFERENCES album (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "assetId" uuid REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  comment text,
  "isLiked" boolean NOT NULL DEFAULT false,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  CONSTRAINT activity_like_check
    CHECK ((comment IS NULL AND "isLiked" = true) OR (comment IS NOT NULL AND "isLiked" = false)),
  FOREIGN KEY ("albumId", "assetId") REFERENCES album_asset ("albumId", "assetId") ON DELETE CASCADE
);

CREATE TABLE shared_link (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  description varchar,
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  key bytea NOT NULL,
  type varchar NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz,
  "allowUpload" boolean NOT NULL DEFAULT false,
  "albumId" uuid REFERENCES album (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "allowDownload" boolean NOT NULL DEFAULT true,
  "showExif" boolean NOT NULL DEFAULT true,
  password varchar,
  slug varchar,
  CONSTRAINT shared_link_key_uq UNIQUE (key),
  CONSTRAINT shared_link_slug_uq UNIQUE (slug)
);

CREATE TABLE shared_link_asset (
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "sharedLinkId" uuid NOT NULL REFERENCES shared_link (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY ("assetId", "sharedLinkId")
);

CREATE TABLE album_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "albumId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE album_user_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "albumId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE album_asset_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "albumId" uuid NOT NULL REFERENCES album (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "assetId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE memory (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "deletedAt" timestamptz,
  "ownerId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  type varchar NOT NULL,
  data jsonb NOT NULL,
  "isSaved" boolean NOT NULL DEFAULT false,
  "memoryAt" timestamptz NOT NULL,
  "seenAt" timestamptz,
  "showAt" timestamptz,
  "hideAt" timestamptz,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7()
);

CREATE TABLE memory_asset (
  "memoriesId" uuid NOT NULL REFERENCES memory (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  PRIMARY KEY ("memoriesId", "assetId")
);

CREATE TABLE memory_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "memoryId" uuid NOT NULL,
  "userId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE memory_asset_audit (
  id uuid DEFAULT immich_uuid_v7() PRIMARY KEY,
  "memoryId" uuid NOT NULL REFERENCES memory (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "assetId" uuid NOT NULL,
  "deletedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE tag (
  id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
  "userId" uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  value varchar NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  color varchar,
  "parentId" uuid REFERENCES tag (id) ON DELETE CASCADE,
  "updateId" uuid NOT NULL DEFAULT immich_uuid_v7(),
  CONSTRAINT "tag_userId_value_uq" UNIQUE ("userId", value)
);

CREATE TABLE tag_asset (
  "assetId" uuid NOT NULL REFERENCES asset (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "tagId" uuid NOT NULL REFERENCES tag (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY ("assetId", "tagId")
);

CREATE TABLE tag_closure (
  id_ancestor uuid NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  id_descendant uuid NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  PRIMARY KEY (id_ancestor, id_descendant)
);
