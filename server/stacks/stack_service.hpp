#pragma once

#include <optional>
#include <vector>

#include "api/stacks_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
class ClientEvents;
}  // namespace immich

namespace immich::stacks {

/// Assets of one owner that are shown as one, with one of them on top (facts: assets, "Stacks").
class StackService {
 public:
  StackService(pg::Pool& db, Access& access, ClientEvents& events) : db_(db), access_(access), events_(events) {}

  /// The caller's stacks, newest first; only the one with `primary` on top when given.
  Task<std::vector<api::StackResponseDto>> List(const AuthContext& auth, std::optional<AssetId> primary);
  Task<api::StackResponseDto> Get(const AuthContext& auth, StackId id);
  /// The first asset is on top. Stacks with one of them on top are taken in.
  Task<api::StackResponseDto> Create(const AuthContext& auth, std::vector<AssetId> assets);
  /// Throws BadRequest unless the asset is part of the stack.
  Task<api::StackResponseDto> SetPrimary(const AuthContext& auth, StackId id, std::optional<AssetId> primary);
  /// The assets stay.
  Task<void> Delete(const AuthContext& auth, std::vector<StackId> ids);
  /// Throws BadRequest for the asset on top and for assets of other stacks.
  Task<void> RemoveAsset(const AuthContext& auth, StackId id, AssetId asset);

 private:
  Task<std::vector<api::StackResponseDto>> Load(const AuthContext& auth, std::vector<StackId> ids);
  Task<void> Announce(UserId owner);

  pg::Pool& db_;
  Access& access_;
  ClientEvents& events_;
};

}  // namespace immich::stacks
