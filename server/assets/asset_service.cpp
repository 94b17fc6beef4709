#include "server/assets/asset_service.hpp"

#include <unordered_map>

#include "platform/crypto/text_encoding.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/assets/asset_upload.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

/// Compat: GET /assets/{id} through a link that hides metadata: these members and no others.
std::string WriteReduced(const api::AssetResponseDto& asset) {
  std::string out = "{";
  api::WriteMember(out, "\"id\":", asset.id);
  api::WriteMember(out, "\"type\":", asset.type);
  api::WriteNullable(out, "\"thumbhash\":", asset.thumbhash);
  api::WriteOptional(out, "\"originalMimeType\":", asset.original_mime_type);
  api::WriteMember(out, "\"localDateTime\":", asset.local_date_time);
  api::WriteNullable(out, "\"duration\":", asset.duration);
  api::WriteMaybe(out, "\"livePhotoVideoId\":", asset.live_photo_video_id);
  api::WriteMember(out, "\"hasMetadata\":", false);
  api::WriteNullable(out, "\"width\":", asset.width);
  api::WriteNullable(out, "\"height\":", asset.height);
  json::EndObject(out);
  return out;
}

}  // namespace

Task<std::string> AssetService::Get(const AuthContext& auth, AssetId id) {
  co_await access_.RequireAsset(auth, api::Permission::kAssetRead, id);
  const bool shows_metadata = !auth.shared_link || auth.shared_link->show_exif;
  AssetViewOptions options;
  options.with_exif = shows_metadata;
  options.with_owner = !auth.is_visitor();
  options.with_tags = shows_metadata;
  options.with_people = shows_metadata;
  options.with_stack = shows_metadata;
  std::vector<AssetId> ids{id};
  const auto views = co_await LoadAssetViews(db_, auth, std::move(ids), options);
  if (views.empty()) ThrowNoAccess(api::Permission::kAssetRead);
  co_return shows_metadata ? api::ToJson(views.front()) : WriteReduced(views.front());
}

Task<api::AssetBulkUploadCheckResponseDto> AssetService::CheckBulkUpload(const AuthContext& auth,
                                                                         api::AssetBulkUploadCheckDto request) {
  struct Known {
    AssetId id;
    bool is_trashed;
  };
  std::vector<std::string> checksums;
  for (const auto& item : request.assets) {
    const auto bytes = ParseChecksum(item.checksum);
    checksums.push_back(bytes ? crypto::ToHex(*bytes) : std::string{});
  }
  pg::Params params{auth.user.id, checksums};
  std::unordered_map<std::string, Known> known;
  for (const pg::Row row : co_await db_.Run(sql::kAssetBulkCheck, std::move(params))) {
    known.emplace(row.Get<std::string>(0), Known{row.Get<AssetId>(1), row.Get<bool>(2)});
  }
  api::AssetBulkUploadCheckResponseDto response;
  for (std::size_t i = 0; i < request.assets.size(); ++i) {
    api::AssetBulkUploadCheckResult result;
    result.id = std::move(request.assets[i].id);
    const auto found = known.find(checksums[i]);
    result.action = found == known.end() ? api::AssetUploadAction::kAccept : api::AssetUploadAction::kReject;
    if (found != known.end()) {
      result.reason = api::AssetRejectReason::kDuplicate;
      result.asset_id = found->second.id.value;
      result.is_trashed = found->second.is_trashed;
    }
    response.results.push_back(std::move(result));
  }
  co_return response;
}

Task<api::AssetStatsResponseDto> AssetService::Statistics(const AuthContext& auth, api::GetAssetStatistics::Input filter) {
  if (filter.visibility == api::AssetVisibility::kLocked) auth.RequireElevated();
  const auto visibility =
      filter.visibility ? std::optional(std::string(api::ToString(*filter.visibility))) : std::nullopt;
  pg::Params params{auth.user.id, visibility, filter.is_favorite, filter.is_trashed.value_or(false)};
  const pg::Result counted = co_await db_.Run(sql::kAssetStatisticsGet, std::move(params));
  api::AssetStatsResponseDto statistics;
  statistics.images = counted[0].Get<std::int64_t>(0);
  statistics.videos = counted[0].Get<std::int64_t>(1);
  statistics.total = statistics.images + statistics.videos;
  co_return statistics;
}

}  // namespace immich::assets
