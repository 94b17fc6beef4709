#include "server/assets/asset_service.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "platform/crypto/text_encoding.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/assets/asset_upload.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/job_sink.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

using api::Permission;

std::string_view JobFor(api::AssetJobName name) {
  switch (name) {
    case api::AssetJobName::kRefreshFaces:
      return "AssetDetectFaces";
    case api::AssetJobName::kRefreshMetadata:
      return "AssetExtractMetadata";
    case api::AssetJobName::kRegenerateThumbnail:
      return "AssetGenerateThumbnails";
    case api::AssetJobName::kTranscodeVideo:
      return "AssetEncodeVideo";
  }
  throw InternalError("asset job without a name");
}

/// Needs no look at albums, partners and links.
bool IsOwnView(const AuthContext& auth, const api::AssetResponseDto& asset) {
  if (auth.is_visitor() || asset.owner_id != auth.user.id.value) return false;
  return asset.visibility != api::AssetVisibility::kLocked || auth.is_elevated();
}

}  // namespace

Task<api::AssetResponseDto> AssetService::View(const AuthContext& auth, AssetId id) {
  const bool shows_metadata = !auth.shared_link || auth.shared_link->show_exif;
  AssetViewOptions options;
  options.with_exif = shows_metadata;
  options.with_owner = !auth.is_visitor();
  options.with_tags = shows_metadata;
  options.with_people = shows_metadata;
  options.with_stack = shows_metadata;
  std::vector<AssetId> ids{id};
  auto views = co_await LoadAssetViews(db_, auth, std::move(ids), options);
  if (views.empty()) ThrowNoAccess(Permission::kAssetRead);
  views.front().has_metadata = shows_metadata;
  co_return std::move(views.front());
}

Task<api::AssetResponseDto> AssetService::Get(const AuthContext& auth, AssetId id) {
  api::AssetResponseDto asset = co_await View(auth, id);
  if (!IsOwnView(auth, asset)) co_await access_.RequireAsset(auth, Permission::kAssetRead, id);
  co_return asset;
}

Task<void> AssetService::RunJobs(const AuthContext& auth, api::AssetJobsDto request) {
  const std::vector<AssetId> ids(request.asset_ids.begin(), request.asset_ids.end());
  co_await access_.RequireAssets(auth, Permission::kAssetUpdate, ids);
  std::vector<JobSink::Request> jobs;
  for (const AssetId id : ids) {
    jobs.push_back({.name = JobFor(request.name), .data = JobDataWithId(id.value), .options = {}});
  }
  if (!jobs.empty()) co_await jobs_.Enqueue(std::move(jobs));
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

Task<LibraryCache::Body> AssetService::Statistics(const AuthContext& auth, api::GetAssetStatistics::Input filter) {
  if (filter.visibility == api::AssetVisibility::kLocked) auth.RequireElevated();
  const auto flag = [](std::optional<bool> value) { return value ? (*value ? '1' : '0') : '-'; };
  const auto visibility =
      filter.visibility ? std::optional(std::string(api::ToString(*filter.visibility))) : std::nullopt;
  std::string key = fmt::format("asset-statistics {} {} {} {}", auth.user.id.ToString(), visibility.value_or("-"),
                                flag(filter.is_favorite), flag(filter.is_trashed));
  std::vector<UserId> owners{auth.user.id};
  const auto count = [this, owner = auth.user.id, visibility, filter]() -> Task<std::string> {
    pg::Params params{owner, visibility, filter.is_favorite, filter.is_trashed.value_or(false)};
    const pg::Result counted = co_await db_.Run(sql::kAssetStatisticsGet, std::move(params));
    api::AssetStatsResponseDto statistics;
    statistics.images = counted[0].Get<std::int64_t>(0);
    statistics.videos = counted[0].Get<std::int64_t>(1);
    statistics.total = statistics.images + statistics.videos;
    co_return api::ToJson(statistics);
  };
  co_return co_await library_->Get(std::move(key), std::move(owners), count);
}

}  // namespace immich::assets
