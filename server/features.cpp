#include "server/features.hpp"

#include "server/admin_users/admin_user_feature.hpp"
#include "server/albums/album_feature.hpp"
#include "server/api_keys/api_key_feature.hpp"
#include "server/assets/asset_feature.hpp"
#include "server/auth/auth_feature.hpp"
#include "server/download/download_feature.hpp"
#include "server/metadata/metadata_feature.hpp"
#include "server/server_info/server_info_feature.hpp"
#include "server/sessions/session_feature.hpp"
#include "server/storage_template/storage_template_feature.hpp"
#include "server/thumbnails/thumbnail_feature.hpp"
#include "server/timeline/timeline_feature.hpp"
#include "server/trash/trash_feature.hpp"
#include "server/users/user_feature.hpp"

namespace immich {

void RegisterFeatures(FeatureContext& context) {
  RegisterAdminUsers(context);
  RegisterAlbums(context);
  RegisterApiKeys(context);
  RegisterAssets(context);
  RegisterAuth(context);
  RegisterDownload(context);
  RegisterSessions(context);
  RegisterServerInfo(context);
  RegisterTimeline(context);
  RegisterTrash(context);
  RegisterUsers(context);
}

void RegisterJobs(WorkerContext& context) {
  RegisterAdminUserJobs(context);
  RegisterSessionJobs(context);
  RegisterMetadataJobs(context);
  RegisterStorageTemplateJobs(context);
  RegisterThumbnailJobs(context);
}

}  // namespace immich
