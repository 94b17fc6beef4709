#include "server/assets/live_photo_rules.hpp"

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

Task<void> RequireLiveVideo(pg::Db& db, UserId owner, AssetId video) {
  pg::Params params{video};
  const pg::Result found = co_await db.Run(sql::kAssetLiveVideoFind, std::move(params));
  if (found.empty()) throw BadRequest("Live photo video not found");
  if (found[0].Get<std::string_view>(1) != "VIDEO") throw BadRequest("Live photo video must be a video");
  if (found[0].Get<UserId>(0) != owner) throw BadRequest("Live photo video does not belong to the user");
}

}  // namespace immich::assets
