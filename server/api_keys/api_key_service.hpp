#pragma once

#include <vector>

#include "api/api_keys_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"

namespace immich::pg {
class Db;
}

namespace immich::api_keys {

/// API keys of the caller (facts: auth, "API keys"). A request that itself comes with a key cannot make one stronger
/// than that. What belongs to others is BadRequest `API Key not found`.
class ApiKeyService {
 public:
  explicit ApiKeyService(pg::Db& db) : db_(db) {}

  Task<std::vector<api::ApiKeyResponseDto>> List(const AuthContext& auth);
  Task<api::ApiKeyResponseDto> Get(const AuthContext& auth, ApiKeyId id);
  /// The key of this request; throws Forbidden for sessions.
  Task<api::ApiKeyResponseDto> GetMine(const AuthContext& auth);
  Task<api::ApiKeyCreateResponseDto> Create(const AuthContext& auth, api::ApiKeyCreateDto dto);
  Task<api::ApiKeyResponseDto> Update(const AuthContext& auth, ApiKeyId id, api::ApiKeyUpdateDto dto);
  /// The old secret is refused from now on.
  Task<api::ApiKeyCreateResponseDto> Rotate(const AuthContext& auth, ApiKeyId id);
  Task<void> Delete(const AuthContext& auth, ApiKeyId id);

 private:
  pg::Db& db_;
};

}  // namespace immich::api_keys
