#include "server/stacks/stack_service.hpp"

#include <unordered_map>

#include "api/websocket_events.hpp"
#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/client_events.hpp"
#include "slice_stacks_sql.hpp"

namespace immich::stacks {

namespace {

using api::Permission;
using Stacks = std::vector<api::StackResponseDto>;

}  // namespace

Task<Stacks> StackService::Load(const AuthContext& auth, std::vector<StackId> ids) {
  pg::Params params{ids};
  const pg::Result rows = co_await db_.Run(sql::kStackAssetsList, std::move(params));
  std::vector<AssetId> members;
  for (const pg::Row row : rows) members.push_back(row.Get<AssetId>(2));
  AssetViewOptions options;
  options.with_exif = true;
  options.with_tags = true;
  std::unordered_map<Uuid, api::AssetResponseDto> views;
  for (auto& view : co_await LoadAssetViews(db_, auth, std::move(members), options)) {
    const Uuid id = view.id;
    views.emplace(id, std::move(view));
  }
  Stacks stacks;
  for (const pg::Row row : rows) {
    const Uuid id = row.Get<Uuid>(0);
    if (stacks.empty() || stacks.back().id != id) {
      api::StackResponseDto& stack = stacks.emplace_back();
      stack.id = id;
      stack.primary_asset_id = row.Get<Uuid>(1);
    }
    if (const auto view = views.find(row.Get<Uuid>(2)); view != views.end()) {
      stacks.back().assets.push_back(std::move(view->second));
    }
  }
  co_return stacks;
}

Task<void> StackService::Announce(UserId owner) {
  co_await events_.ToUser(owner, api::events::OnAssetStackUpdate::kName, {});
}

Task<Stacks> StackService::List(const AuthContext& auth, std::optional<AssetId> primary) {
  pg::Params params{auth.user.id, primary};
  std::vector<StackId> ids;
  for (const pg::Row row : co_await db_.Run(sql::kStackList, std::move(params))) ids.push_back(row.Get<StackId>(0));
  co_return co_await Load(auth, std::move(ids));
}

Task<api::StackResponseDto> StackService::Get(const AuthContext& auth, StackId id) {
  std::vector<StackId> one{id};
  co_await access_.RequireStacks(auth, Permission::kStackRead, one);
  Stacks stacks = co_await Load(auth, std::move(one));
  if (stacks.empty()) throw BadRequest("Stack not found");
  co_return std::move(stacks.front());
}

Task<api::StackResponseDto> StackService::Create(const AuthContext& auth, std::vector<AssetId> assets) {
  co_await access_.RequireAssets(auth, Permission::kAssetUpdate, assets);
  StackId id;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    id = StackId::Random();
    pg::Params merge{auth.user.id, assets};
    const pg::Result merged = co_await tx.Run(sql::kStackMerge, std::move(merge));
    auto members = merged[0].Get<std::vector<Uuid>>(0);
    for (const AssetId& asset : assets) members.push_back(asset.value);
    pg::Params insert{id, auth.user.id, assets.front(), members};
    co_await tx.Run(sql::kStackInsert, std::move(insert));
  });
  co_await Announce(auth.user.id);
  co_return co_await Get(auth, id);
}

Task<api::StackResponseDto> StackService::SetPrimary(const AuthContext& auth, StackId id,
                                                     std::optional<AssetId> primary) {
  std::vector<StackId> one{id};
  co_await access_.RequireStacks(auth, Permission::kStackUpdate, std::move(one));
  if (primary) {
    pg::Params params{id, *primary};
    const pg::Result changed = co_await db_.Run(sql::kStackPrimaryUpdate, std::move(params));
    if (changed.affected_rows() == 0) throw BadRequest("Primary asset must be in the stack");
    co_await Announce(auth.user.id);
  }
  co_return co_await Get(auth, id);
}

Task<void> StackService::Delete(const AuthContext& auth, std::vector<StackId> ids) {
  if (ids.empty()) co_return;
  co_await access_.RequireStacks(auth, Permission::kStackDelete, ids);
  pg::Params params{ids};
  co_await db_.Run(sql::kStackDelete, std::move(params));
  co_await Announce(auth.user.id);
}

Task<void> StackService::RemoveAsset(const AuthContext& auth, StackId id, AssetId asset) {
  std::vector<StackId> one{id};
  co_await access_.RequireStacks(auth, Permission::kStackUpdate, std::move(one));
  pg::Params find{id, asset};
  const pg::Result found = co_await db_.Run(sql::kStackMemberFind, std::move(find));
  if (found.empty()) throw BadRequest("Asset not in stack");
  if (found[0].Get<bool>(0)) throw BadRequest("Cannot remove primary asset from stack");
  pg::Params params{id, asset};
  co_await db_.Run(sql::kStackMemberRemove, std::move(params));
  co_await Announce(auth.user.id);
}

}  // namespace immich::stacks
