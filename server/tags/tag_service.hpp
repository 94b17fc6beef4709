#pragma once

#include <string>
#include <vector>

#include "api/shared_types.hpp"
#include "api/tags_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
class JobSink;
}  // namespace immich

namespace immich::tags {

/// Tags are paths (`travel/italy`), unique for their owner; every step of a path is a tag of its own. What an asset is
/// tagged with is also kept in asset_exif.tags and written to its sidecar.
class TagService {
 public:
  TagService(pg::Pool& db, Access& access, JobSink& jobs) : db_(db), access_(access), jobs_(jobs) {}

  /// By path.
  Task<std::vector<api::TagResponseDto>> List(const AuthContext& auth);
  Task<api::TagResponseDto> Get(const AuthContext& auth, TagId id);
  /// Throws BadRequest when the path is taken or the parent is not the caller's.
  Task<api::TagResponseDto> Create(const AuthContext& auth, api::TagCreateDto request);
  /// Makes the tags of the paths, parents included; answers the tags of the paths.
  Task<std::vector<api::TagResponseDto>> Upsert(const AuthContext& auth, std::vector<std::string> paths);
  /// A new name moves the tags below along.
  Task<api::TagResponseDto> Update(const AuthContext& auth, TagId id, api::TagUpdateDto change);
  /// With the tags below it.
  Task<void> Delete(const AuthContext& auth, TagId id);

  Task<std::vector<api::BulkIdResponseDto>> AddAssets(const AuthContext& auth, TagId id, std::vector<Uuid> assets);
  Task<std::vector<api::BulkIdResponseDto>> RemoveAssets(const AuthContext& auth, TagId id, std::vector<Uuid> assets);
  /// Every tag on every asset; how many taggings are new. Ids the caller may not use are left out.
  Task<std::int64_t> TagMany(const AuthContext& auth, std::vector<Uuid> tags, std::vector<Uuid> assets);

  /// Deletes tags that no asset carries, neither itself nor below.
  Task<void> CleanUp();

 private:
  Task<api::TagResponseDto> Load(pg::Db& db, UserId user, TagId id);
  Task<void> WriteSidecars(std::vector<AssetId> assets);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
};

}  // namespace immich::tags
