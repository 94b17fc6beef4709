#include "server/metadata/live_photo_linker.hpp"

#include <utility>
#include <vector>

#include "server/core/client_events.hpp"
#include "slice_metadata_sql.hpp"

namespace immich::metadata {

Task<void> LivePhotoLinker::Link(UserId owner, AssetId still, AssetId video) {
  pg::Params params{still, video};
  const pg::Result hidden = co_await db_.Run(sql::kLivePhotoLink, std::move(params));
  if (hidden.empty()) co_return;
  std::vector<std::string> arguments{JsonId(video.value)};
  co_await events_.ToUser(owner, "on_asset_hidden", std::move(arguments));
}

Task<void> LivePhotoLinker::LinkByContentId(const MetadataSource& source, std::string live_photo_cid) {
  const char* other_type = source.is_video ? "IMAGE" : "VIDEO";
  pg::Params params{source.id, source.owner, source.library, other_type, live_photo_cid};
  const pg::Result found = co_await db_.Run(sql::kLivePhotoMatch, std::move(params));
  if (found.empty()) co_return;
  const AssetId other = found[0].Get<AssetId>(0);
  co_await Link(source.owner, source.is_video ? other : source.id, source.is_video ? source.id : other);
}

}  // namespace immich::metadata
