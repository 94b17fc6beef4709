#include "server/memories/memory_service.hpp"

#include <unordered_map>

#include "api/codec/contract_enum.hpp"
#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/bulk_results.hpp"
#include "slice_memories_sql.hpp"

namespace immich::memories {

namespace {

using api::Permission;
using Memories = std::vector<api::MemoryResponseDto>;

enum Column : int {
  kId,
  kOwner,
  kType,
  kYear,
  kIsSaved,
  kMemoryAt,
  kSeenAt,
  kShowAt,
  kHideAt,
  kDeletedAt,
  kCreatedAt,
  kUpdatedAt,
  kAssets
};

api::MemoryResponseDto ReadMemory(const pg::Row& row) {
  api::MemoryResponseDto memory;
  memory.id = row.Get<Uuid>(kId);
  memory.owner_id = row.Get<Uuid>(kOwner);
  memory.type = api::ParseEnum<api::MemoryType>(row.Get<std::string_view>(kType)).value_or(api::MemoryType::kOnThisDay);
  memory.data.year = row.Get<std::int64_t>(kYear);
  memory.is_saved = row.Get<bool>(kIsSaved);
  memory.memory_at = row.Get<TimePoint>(kMemoryAt);
  memory.seen_at = row.Find<TimePoint>(kSeenAt);
  memory.show_at = row.Find<TimePoint>(kShowAt);
  memory.hide_at = row.Find<TimePoint>(kHideAt);
  memory.deleted_at = row.Find<TimePoint>(kDeletedAt);
  memory.created_at = row.Get<TimePoint>(kCreatedAt);
  memory.updated_at = row.Get<TimePoint>(kUpdatedAt);
  return memory;
}

/// The parameters list and count have in common: $1 to $7.
template <class Input>
pg::Params FilterOf(UserId owner, const Input& filter) {
  std::optional<std::string> type;
  if (filter.type) type = std::string(api::ToString(*filter.type));
  return pg::Params{owner, filter.id,         filter.for_, filter.is_saved, filter.is_trashed.value_or(false),
                    type,  filter.is_upcoming};
}

}  // namespace

Task<void> MemoryService::RequireOwn(const AuthContext& auth, Permission permission, MemoryId id) {
  pg::Params params{id, auth.user.id};
  const pg::Result found = co_await db_.Run(sql::kMemoryOwnerCheck, std::move(params));
  if (found.empty()) ThrowNoAccess(permission);
}

Task<Memories> MemoryService::Load(const AuthContext& auth, std::vector<MemoryId> ids) {
  pg::Params params{ids};
  const pg::Result rows = co_await db_.Run(sql::kMemoryGet, std::move(params));
  std::vector<AssetId> wanted;
  for (const pg::Row row : rows) {
    for (const Uuid& id : row.Get<std::vector<Uuid>>(kAssets)) wanted.emplace_back(id);
  }
  std::unordered_map<Uuid, api::AssetResponseDto> views;
  for (auto& view : co_await LoadAssetViews(db_, auth, std::move(wanted), {})) {
    const Uuid id = view.id;
    views.emplace(id, std::move(view));
  }
  Memories memories;
  for (const pg::Row row : rows) {
    api::MemoryResponseDto& memory = memories.emplace_back(ReadMemory(row));
    for (const Uuid& id : row.Get<std::vector<Uuid>>(kAssets)) {
      if (const auto view = views.find(id); view != views.end()) memory.assets.push_back(view->second);
    }
  }
  co_return memories;
}

Task<Memories> MemoryService::List(const AuthContext& auth, api::SearchMemories::Input filter) {
  pg::Params params = FilterOf(auth.user.id, filter);
  params.Add(api::ToString(filter.order.value_or(api::MemorySearchOrder::kDesc)));
  params.Add(filter.size);
  const std::int64_t skipped = filter.size ? (filter.page.value_or(1) - 1) * *filter.size : 0;
  params.Add(skipped);
  std::vector<MemoryId> ids;
  for (const pg::Row row : co_await db_.Run(sql::kMemoryList, std::move(params))) ids.push_back(row.Get<MemoryId>(0));
  co_return co_await Load(auth, std::move(ids));
}

Task<std::int64_t> MemoryService::Count(const AuthContext& auth, api::MemoriesStatistics::Input filter) {
  pg::Params params = FilterOf(auth.user.id, filter);
  const pg::Result counted = co_await db_.Run(sql::kMemoryCount, std::move(params));
  co_return counted[0].Get<std::int64_t>(0);
}

Task<api::MemoryResponseDto> MemoryService::Get(const AuthContext& auth, MemoryId id) {
  co_await RequireOwn(auth, Permission::kMemoryRead, id);
  std::vector<MemoryId> one{id};
  Memories memories = co_await Load(auth, std::move(one));
  if (memories.empty()) throw BadRequest("Memory not found");
  co_return std::move(memories.front());
}

Task<api::MemoryResponseDto> MemoryService::Create(const AuthContext& auth, api::MemoryCreateDto request) {
  std::vector<AssetId> wanted;
  for (const Uuid& id : request.asset_ids.value_or(std::vector<Uuid>{})) wanted.emplace_back(id);
  const auto assets = co_await access_.AllowedAssets(auth, Permission::kAssetShare, std::move(wanted));
  const MemoryId id = MemoryId::Random();
  pg::Params params{id,
                    auth.user.id,
                    api::ToString(request.type),
                    request.data.year,
                    request.is_saved.value_or(false),
                    request.memory_at,
                    request.seen_at,
                    request.show_at,
                    request.hide_at,
                    assets};
  co_await db_.Run(sql::kMemoryInsert, std::move(params));
  co_return co_await Get(auth, id);
}

Task<api::MemoryResponseDto> MemoryService::Update(const AuthContext& auth, MemoryId id, api::MemoryUpdateDto change) {
  co_await RequireOwn(auth, Permission::kMemoryUpdate, id);
  pg::Params params{id, change.is_saved, change.memory_at, change.seen_at};
  co_await db_.Run(sql::kMemoryUpdate, std::move(params));
  co_return co_await Get(auth, id);
}

Task<void> MemoryService::Delete(const AuthContext& auth, MemoryId id) {
  co_await RequireOwn(auth, Permission::kMemoryDelete, id);
  pg::Params params{id};
  co_await db_.Run(sql::kMemoryDelete, std::move(params));
}

Task<std::vector<AssetId>> MemoryService::Contained(MemoryId id, const std::vector<Uuid>& assets) {
  pg::Params params{id, assets};
  std::vector<AssetId> contained;
  for (const pg::Row row : co_await db_.Run(sql::kMemoryAssetList, std::move(params))) {
    contained.push_back(row.Get<AssetId>(0));
  }
  co_return contained;
}

Task<std::vector<api::BulkIdResponseDto>> MemoryService::AddAssets(const AuthContext& auth, MemoryId id,
                                                                   std::vector<Uuid> assets) {
  co_await RequireOwn(auth, Permission::kMemoryRead, id);
  const auto present = co_await Contained(id, assets);
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  const auto allowed = co_await access_.AllowedAssets(auth, Permission::kAssetShare, std::move(wanted));
  BulkPlan plan = PlanAdding(assets, present, allowed);
  if (!plan.accepted.empty()) {
    pg::Params params{id, plan.accepted};
    co_await db_.Run(sql::kMemoryAssetInsert, std::move(params));
  }
  co_return std::move(plan.results);
}

Task<std::vector<api::BulkIdResponseDto>> MemoryService::RemoveAssets(const AuthContext& auth, MemoryId id,
                                                                      std::vector<Uuid> assets) {
  co_await RequireOwn(auth, Permission::kMemoryUpdate, id);
  const auto present = co_await Contained(id, assets);
  BulkPlan plan = PlanRemoving(assets, present);
  if (!plan.accepted.empty()) {
    pg::Params params{id, plan.accepted};
    co_await db_.Run(sql::kMemoryAssetDelete, std::move(params));
  }
  co_return std::move(plan.results);
}

}  // namespace immich::memories
