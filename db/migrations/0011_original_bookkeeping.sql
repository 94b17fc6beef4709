-- What the original's migrator reads, so that it recognises this database as its own at version 3.1 and runs only what
-- came later. The names below are also what db/migrator.cpp compares a database with that the original migrated; the
-- code generator takes them from here.

INSERT INTO kysely_migrations (name, timestamp)
SELECT name, to_char((now() AT TIME ZONE 'UTC') + position * interval '1 ms', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
FROM unnest(ARRAY[
  '1744910873969-InitialMigration',
  '1744991379464-AddNotificationsTable',
  '1745244781846-AddUserAvatarColorColumn',
  '1745902563899-AddAssetVisibilityColumn',
  '1746636476623-DropExtraIndexes',
  '1746768490606-AddUserPincode',
  '1746844028242-AddLockedVisibilityEnum',
  '1746987967923-AddPinExpiresAtColumn',
  '1747329504572-AddNewSessionColumns',
  '1747338664832-SessionRename',
  '1747664684909-AddAlbumAuditTables',
  '1749067526135-UserOnboardingDefault',
  '1750107668827-PartnerCreateId',
  '1750189909087-AddAlbumUserCreateFields',
  '1750323941566-UnsetPrewarmDimParameter',
  '1750676477029-AlbumAssetUpdateId',
  '1750694237564-AlbumAssetAuditTable',
  '1750780093818-AddAlbumToAssetDeleteTrigger',
  '1751035357937-MemorySyncChanges',
  '1751304834247-StackSyncChanges',
  '1751924596408-AddOverrides',
  '1752004072340-UpdateIndexOverrides',
  '1752152941084-PeopleAuditTable',
  '1752161055253-RenameGeodataPKConstraint',
  '1752161055254-AddActivityAssetFk',
  '1752169992364-AddIsPendingSyncReset',
  '1752250924342-UserMetadataSync',
  '1752267649968-StandardizeNames',
  '1752759108283-ConvertToAbsolutePaths',
  '1753104909784-AssetFaceUpdateIdAndAuditTable',
  '1753464178233-RenameApiKeyPermissions',
  '1753471866748-AddSharedLinkSlug',
  '1753800911775-ProfileImageCheckpointRemoval',
  '1754389095885-ResetAlbumAssetSync',
  '1756318797207-AssetMetadataTables',
  '1758705774125-CreateAssetOCRTable',
  '1758705789125-CreateOCRSearchTable',
  '1758705804128-UpsertOcrAssetJobStatus',
  '1761078763279-AddAppVersionColumnToSession',
  '1761755618862-FixColumnNames',
  '1762297277677-AddPluginAndWorkflowTables',
  '1764483051488-OCRBigramsForCJK',
  '1764698859174-SidecarInAssetFile',
  '1764705680041-ChangeWorkflowTableColumnsName',
  '1764957138636-AddLockedPropertiesToAssetExif',
  '1768336661963-AddAssetWidthHeight',
  '1768336671610-CreateAssetEditTable',
  '1768336694315-CreateIsVisibleColumns',
  '1768587436457-AddEditCountToAsset',
  '1768757482271-SwitchToIsEdited',
  '1768828334807-AddIsEditedToAssetFile',
  '1768847456553-AddTagsToExif',
  '1769105700133-AddAssetEditSequence',
  '1769441657564-AddIsProgressiveColumn',
  '1769635093204-DropThumbnailJobStatusColumns',
  '1771478781948-PeopleSearchIndex',
  '1771535611395-ConvertRating0ToNull',
  '1771639515206-AddIsTransparentColumn',
  '1771873044511-ChangesTokensToBuffers',
  '1771873813973-AssetEditSync',
  '1772121424533-AddAssetExifGistEarthcoord',
  '1772129818245-FixStupidWhiteSpace',
  '1772609167000-UpdateOpusCodecName',
  '1773242919341-EncodedVideoAssetFiles',
  '1773956345315-DuplicateSharedLinkAssets',
  '1774393726320-AssetFaceSyncReset',
  '1774548649115-AddChecksumAlgorithm.ts',
  '1775165531374-AddPersonNameTrigramIndex',
  '1776217577402-DropAuditTable',
  '1776263790468-DropDeviceIdAndDeviceAssetId',
  '1776332807985-SetOAuthAllowInsecureRequests',
  '1776442031775-AddOauthSidToSession',
  '1776792304485-ReconcileSqlToolsUpgradeChanges',
  '1776848612954-MigrateAlbumOwnerIdToAlbumUser',
  '1777415973792-AddVideoStreamTables',
  '1777654048096-CreateAudioVideoTables',
  '1777667825574-ChangeDurationToInteger',
  '1777897107000-PartnerAssetSyncReset',
  '1778614946174-UpdateWorkflowTables',
  '1779806699547-AddPluginTemplates',
  '1780435471692-DeleteMismatchedAssetFaces',
  '1780592070031-ConvertNegativeRatingToNull',
  '1780592071031-AssetOcrSync',
  '1781089983296-CreateIntegrityReportTable',
  '1782414436633-AddPluginMethodAllowedHosts',
  '1782500000000-RestoreLivePhotoStillVisibility',
  '1784647658615-AddOAuthBearerTokenToSession',
  '1784836013770-MinFacePreferenceMigration'
]) WITH ORDINALITY AS known (name, position);

INSERT INTO kysely_migrations_lock (id, is_locked) VALUES ('migration_lock', 0);

-- Functions, triggers and those indexes that are more than a list of columns, each with the statement that makes it.
INSERT INTO migration_overrides (name, value)
SELECT type || '_' || name, jsonb_build_object('type', type, 'name', name, 'sql', definition)
FROM (
  SELECT 'function', proname, pg_get_functiondef(pg_proc.oid)
  FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (
      SELECT FROM pg_depend
      WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
  UNION ALL
  SELECT 'trigger', tgname, regexp_replace(pg_get_triggerdef(oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER')
  FROM pg_trigger
  WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL
  SELECT 'index', relname, pg_get_indexdef(oid)
  FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'i' AND relname = ANY (ARRAY[
    'activity_like_idx',
    'album_user_unique_owner',
    'asset_face_personId_assetId_notDeleted_isVisible_idx',
    'asset_id_timeline_notDeleted_idx',
    'asset_localDateTime_idx',
    'asset_localDateTime_month_idx',
    'asset_originalFilename_trigram_idx',
    'asset_ownerId_libraryId_checksum_idx',
    'face_index',
    'IDX_asset_exif_gist_earthcoord',
    'IDX_geodata_gist_earthcoord',
    'idx_geodata_places_admin1_name',
    'idx_geodata_places_admin2_name',
    'idx_geodata_places_alternate_names',
    'idx_geodata_places_name',
    'idx_ocr_search_text',
    'idx_person_name_trigram',
    'UQ_assets_owner_checksum'
  ])
) AS object (type, name, definition);
