#include "server/features.hpp"

#include "server/activities/activity_feature.hpp"
#include "server/admin_users/admin_user_feature.hpp"
#include "server/albums/album_feature.hpp"
#include "server/api_keys/api_key_feature.hpp"
#include "server/asset_edits/asset_edit_feature.hpp"
#include "server/assets/asset_feature.hpp"
#include "server/auth/auth_feature.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/library_cache.hpp"
#include "server/core/ml_client.hpp"
#include "server/core/worker_context.hpp"
#include "server/download/download_feature.hpp"
#include "server/duplicates/duplicate_feature.hpp"
#include "server/file_migration/file_migration_feature.hpp"
#include "server/geodata/geodata_feature.hpp"
#include "server/map/map_feature.hpp"
#include "server/memories/memory_feature.hpp"
#include "server/metadata/metadata_feature.hpp"
#include "server/notifications/notification_feature.hpp"
#include "server/objects/object_feature.hpp"
#include "server/ocr/ocr_feature.hpp"
#include "server/partners/partner_feature.hpp"
#include "server/people/people_feature.hpp"
#include "server/queues/queue_feature.hpp"
#include "server/search/search_feature.hpp"
#include "server/server_info/server_info_feature.hpp"
#include "server/sessions/session_feature.hpp"
#include "server/shared_links/shared_link_feature.hpp"
#include "server/smart_search/smart_search_feature.hpp"
#include "server/stacks/stack_feature.hpp"
#include "server/storage_template/storage_template_feature.hpp"
#include "server/sync/sync_feature.hpp"
#include "server/system_config/system_config_feature.hpp"
#include "server/system_metadata/system_metadata_feature.hpp"
#include "server/tags/tag_feature.hpp"
#include "server/thumbnails/thumbnail_feature.hpp"
#include "server/timeline/timeline_feature.hpp"
#include "server/trash/trash_feature.hpp"
#include "server/users/user_feature.hpp"
#include "server/views/view_feature.hpp"

namespace immich {

namespace {

std::shared_ptr<MlService> MakeMlClient(const boost::asio::any_io_executor& executor, SystemConfig& config) {
  auto client = std::make_shared<MlClient>(executor, config);
  client->StartChecks();
  return client;
}

}  // namespace

void RegisterFeatures(FeatureContext& context) {
  context.library = std::make_shared<LibraryCache>(context.db);
  context.ml = MakeMlClient(context.executor, context.config);
  RegisterAdminUsers(context);
  RegisterAlbums(context);
  RegisterApiKeys(context);
  RegisterAssetEdits(context);
  RegisterAssets(context);
  RegisterAuth(context);
  RegisterDownload(context);
  RegisterMap(context);
  RegisterDuplicates(context);
  RegisterObjects(context);
  RegisterOcr(context);
  RegisterPeople(context);
  RegisterQueues(context);
  RegisterSessions(context);
  RegisterSearch(context);
  RegisterServerInfo(context);
  RegisterSmartSearch(context);
  RegisterSync(context);
  RegisterSystemConfig(context);
  RegisterSystemMetadata(context);
  RegisterTimeline(context);
  RegisterTrash(context);
  RegisterUsers(context);
  RegisterActivities(context);
  RegisterMemories(context);
  RegisterNotifications(context);
  RegisterPartners(context);
  RegisterSharedLinks(context);
  RegisterStacks(context);
  RegisterTags(context);
  RegisterViews(context);
}

void RegisterJobs(WorkerContext& context) {
  context.ml = MakeMlClient(context.executor, context.config);
  RegisterAdminUserJobs(context);
  RegisterAssetJobs(context);
  RegisterSessionJobs(context);
  RegisterFileMigrationJobs(context);
  RegisterGeodataJobs(context);
  RegisterMetadataJobs(context);
  RegisterDuplicateJobs(context);
  RegisterObjectJobs(context);
  RegisterOcrJobs(context);
  RegisterPeopleJobs(context);
  RegisterSmartSearchJobs(context);
  RegisterStorageTemplateJobs(context);
  RegisterMemoryJobs(context);
  RegisterNotificationJobs(context);
  RegisterTagJobs(context);
  RegisterSyncJobs(context);
  RegisterThumbnailJobs(context);
}

}  // namespace immich
