#pragma once

#include <vector>

#include "api/partners_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich::partners {

/// One user shares the whole library with another; the other way round is another row (facts: sharing, "Partners").
class PartnerService {
 public:
  explicit PartnerService(pg::Db& db) : db_(db) {}

  Task<std::vector<api::PartnerResponseDto>> List(const AuthContext& auth, api::PartnerDirection direction);
  /// The caller shares with `user`. Throws BadRequest when that is so already or there is no such user.
  Task<api::PartnerResponseDto> Create(const AuthContext& auth, UserId user);
  /// The caller decides whether the assets of `sharer` show in the own timeline.
  Task<api::PartnerResponseDto> Update(const AuthContext& auth, UserId sharer, bool in_timeline);
  /// The caller stops sharing with `user`.
  Task<void> Delete(const AuthContext& auth, UserId user);

 private:
  pg::Db& db_;
};

}  // namespace immich::partners
