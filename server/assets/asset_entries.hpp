#pragma once

#include <string>
#include <vector>

#include "api/assets_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::assets {

/// Free key/value data clients keep with assets; values are JSON objects. The phone app uses the key `mobile-app`.
class AssetEntries {
 public:
  AssetEntries(pg::Db& db, Access& access) : db_(db), access_(access) {}

  Task<std::vector<api::AssetMetadataResponseDto>> List(const AuthContext& auth, AssetId id);
  /// Throws BadRequest when there is no such key.
  Task<api::AssetMetadataResponseDto> Get(const AuthContext& auth, AssetId id, std::string key);
  /// Throws BadRequest when a key comes twice; the answer is in the order of the request.
  Task<std::vector<api::AssetMetadataResponseDto>> Set(const AuthContext& auth, AssetId id,
                                                       std::vector<api::AssetMetadataUpsertItemDto> items);
  Task<std::vector<api::AssetMetadataBulkResponseDto>> SetMany(const AuthContext& auth,
                                                               std::vector<api::AssetMetadataBulkUpsertItemDto> items);
  Task<void> Delete(const AuthContext& auth, std::vector<api::AssetMetadataBulkDeleteItemDto> items);

 private:
  pg::Db& db_;
  Access& access_;
};

}  // namespace immich::assets
