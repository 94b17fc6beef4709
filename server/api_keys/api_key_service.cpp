#include "server/api_keys/api_key_service.hpp"

#include "platform/crypto/digest.hpp"
#include "platform/crypto/secret.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "slice_api_keys_sql.hpp"

namespace immich::api_keys {

namespace {

std::vector<std::string> Names(const std::vector<api::Permission>& permissions) {
  std::vector<std::string> names;
  for (const api::Permission permission : permissions) names.emplace_back(api::ToString(permission));
  return names;
}

/// Compat: keys made by other versions may hold permissions this one does not know; they grant nothing and are not
/// shown.
api::ApiKeyResponseDto ReadKey(const pg::Row& row) {
  api::ApiKeyResponseDto key;
  key.id = row.Get<Uuid>(0);
  key.name = row.Get<std::string>(1);
  for (const std::string& name : row.Get<std::vector<std::string>>(2)) {
    if (const auto permission = api::ParseEnum<api::Permission>(name)) key.permissions.push_back(*permission);
  }
  key.created_at = row.Get<TimePoint>(3);
  key.updated_at = row.Get<TimePoint>(4);
  return key;
}

api::ApiKeyResponseDto ReadOnlyKey(const pg::Result& result) {
  if (result.empty()) throw BadRequest("API Key not found");
  return ReadKey(result[0]);
}

api::ApiKeyCreateResponseDto WithSecret(api::ApiKeyResponseDto key, std::string secret) {
  api::ApiKeyCreateResponseDto response;
  response.secret = std::move(secret);
  response.id = key.id;
  response.name = key.name;
  response.permissions = key.permissions;
  response.created_at = key.created_at;
  response.updated_at = key.updated_at;
  response.api_key = std::move(key);
  return response;
}

void CheckGrant(const AuthContext& auth, const std::vector<api::Permission>& permissions) {
  if (!auth.api_key) return;
  PermissionSet wanted;
  for (const api::Permission permission : permissions) wanted.Add(permission);
  if (!auth.api_key->permissions.AllowsAll(wanted)) throw BadRequest("Cannot grant permissions you do not have");
}

}  // namespace

Task<std::vector<api::ApiKeyResponseDto>> ApiKeyService::List(const AuthContext& auth) {
  pg::Params params{auth.user.id};
  std::vector<api::ApiKeyResponseDto> keys;
  for (const pg::Row row : co_await db_.Run(sql::kApiKeyList, std::move(params))) keys.push_back(ReadKey(row));
  co_return keys;
}

Task<api::ApiKeyResponseDto> ApiKeyService::Get(const AuthContext& auth, ApiKeyId id) {
  pg::Params params{id, auth.user.id};
  co_return ReadOnlyKey(co_await db_.Run(sql::kApiKeyFind, std::move(params)));
}

Task<api::ApiKeyResponseDto> ApiKeyService::GetMine(const AuthContext& auth) {
  if (!auth.api_key) throw Forbidden("Not authenticated with an API Key");
  co_return co_await Get(auth, auth.api_key->id);
}

Task<api::ApiKeyCreateResponseDto> ApiKeyService::Create(const AuthContext& auth, api::ApiKeyCreateDto dto) {
  CheckGrant(auth, dto.permissions);
  std::string secret = crypto::MakeToken();
  const crypto::Sha256Digest digest = crypto::HashSha256(secret);
  pg::Params params{pg::Bytes{digest}, auth.user.id, dto.name.value_or("API Key"), Names(dto.permissions)};
  const pg::Result made = co_await db_.Run(sql::kApiKeyInsert, std::move(params));
  co_return WithSecret(ReadKey(made[0]), std::move(secret));
}

Task<api::ApiKeyResponseDto> ApiKeyService::Update(const AuthContext& auth, ApiKeyId id, api::ApiKeyUpdateDto dto) {
  if (dto.permissions) CheckGrant(auth, *dto.permissions);
  const auto names = dto.permissions ? std::optional(Names(*dto.permissions)) : std::nullopt;
  pg::Params params{id, auth.user.id, dto.name, names};
  co_return ReadOnlyKey(co_await db_.Run(sql::kApiKeyUpdate, std::move(params)));
}

Task<api::ApiKeyCreateResponseDto> ApiKeyService::Rotate(const AuthContext& auth, ApiKeyId id) {
  // The answer holds a usable secret: whoever gets it must be allowed what the key is allowed.
  const api::ApiKeyResponseDto before = co_await Get(auth, id);
  CheckGrant(auth, before.permissions);
  std::string secret = crypto::MakeToken();
  const crypto::Sha256Digest digest = crypto::HashSha256(secret);
  pg::Params params{id, auth.user.id, pg::Bytes{digest}};
  api::ApiKeyResponseDto key = ReadOnlyKey(co_await db_.Run(sql::kApiKeyRotate, std::move(params)));
  co_return WithSecret(std::move(key), std::move(secret));
}

Task<void> ApiKeyService::Delete(const AuthContext& auth, ApiKeyId id) {
  pg::Params params{id, auth.user.id};
  const pg::Result deleted = co_await db_.Run(sql::kApiKeyDelete, std::move(params));
  if (deleted.affected_rows() == 0) throw BadRequest("API Key not found");
}

}  // namespace immich::api_keys
