#pragma once

#include <vector>

#include "api/duplicates_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class ClientEvents;
class JobSink;
class SystemConfig;
}  // namespace immich

namespace immich::duplicates {

/// Groups of assets that look alike, and what becomes of them (facts: assets, "Duplicates").
class DuplicateService {
 public:
  DuplicateService(pg::Pool& db, SystemConfig& config, JobSink& jobs, ClientEvents& events)
      : db_(db), config_(config), jobs_(jobs), events_(events) {}

  /// Groups of one's own, the latest first; those with a single asset left are ended.
  Task<std::vector<api::DuplicateResponseDto>> List(const AuthContext& auth);
  /// Ends groups; throws BadRequest unless all are the caller's.
  Task<void> Dismiss(const AuthContext& auth, std::vector<Uuid> groups);
  /// A result for each group. Every asset of a group must be kept or trashed; a single keeper takes over what the
  /// others have.
  Task<std::vector<api::BulkIdResponseDto>> Resolve(const AuthContext& auth, api::DuplicateResolveDto request);

 private:
  Task<std::vector<AssetId>> ResolveGroup(const AuthContext& auth, const api::DuplicateResolveGroupDto& group,
                                          std::vector<AssetId>& written);
  Task<void> Announce(const AuthContext& auth, const std::vector<AssetId>& removed, const std::vector<AssetId>& written,
                      bool for_good);

  pg::Pool& db_;
  SystemConfig& config_;
  JobSink& jobs_;
  ClientEvents& events_;
};

}  // namespace immich::duplicates
