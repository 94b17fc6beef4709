#pragma once

#include <vector>

#include "api/memories_api.hpp"
#include "api/shared_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
}

namespace immich::memories {

/// Memories of a user: made by the nightly job or by the user (facts: assets, "Memories").
class MemoryService {
 public:
  MemoryService(pg::Pool& db, Access& access) : db_(db), access_(access) {}

  Task<std::vector<api::MemoryResponseDto>> List(const AuthContext& auth, api::SearchMemories::Input filter);
  Task<std::int64_t> Count(const AuthContext& auth, api::MemoriesStatistics::Input filter);
  Task<api::MemoryResponseDto> Get(const AuthContext& auth, MemoryId id);
  /// Assets the caller may not share are left out.
  Task<api::MemoryResponseDto> Create(const AuthContext& auth, api::MemoryCreateDto request);
  Task<api::MemoryResponseDto> Update(const AuthContext& auth, MemoryId id, api::MemoryUpdateDto change);
  /// The assets stay.
  Task<void> Delete(const AuthContext& auth, MemoryId id);
  Task<std::vector<api::BulkIdResponseDto>> AddAssets(const AuthContext& auth, MemoryId id, std::vector<Uuid> assets);
  Task<std::vector<api::BulkIdResponseDto>> RemoveAssets(const AuthContext& auth, MemoryId id,
                                                         std::vector<Uuid> assets);

 private:
  Task<std::vector<api::MemoryResponseDto>> Load(const AuthContext& auth, std::vector<MemoryId> ids);
  Task<void> RequireOwn(const AuthContext& auth, api::Permission permission, MemoryId id);
  Task<std::vector<AssetId>> Contained(MemoryId id, const std::vector<Uuid>& assets);

  pg::Pool& db_;
  Access& access_;
};

}  // namespace immich::memories
