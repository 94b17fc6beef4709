#include "server/core/account_store.hpp"

#include "api/codec/json_text.hpp"
#include "core_sql.hpp"
#include "platform/async/blocking.hpp"
#include "platform/crypto/bcrypt.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/user_view.hpp"

namespace immich {

namespace {

template <class T>
std::optional<std::string> EnumText(const std::optional<T>& value) {
  return value ? std::optional(std::string(api::ToString(*value))) : std::nullopt;
}

/// Compat: licences were written by other versions too; one that does not fit is shown as none.
std::optional<api::UserLicense> ReadLicense(const std::optional<std::string>& stored) {
  if (!stored) return std::nullopt;
  try {
    return api::FromJson<api::UserLicense>(*stored);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The columns are those of account_find.sql.
api::UserAdminResponseDto ReadAccount(const pg::Row& row) {
  const api::UserResponseDto view = ReadUserView(row, 0);
  api::UserAdminResponseDto account;
  account.id = view.id;
  account.name = view.name;
  account.email = view.email;
  account.avatar_color = view.avatar_color;
  account.profile_image_path = view.profile_image_path;
  account.profile_changed_at = view.profile_changed_at;
  account.is_admin = row.Get<bool>(6);
  account.should_change_password = row.Get<bool>(7);
  account.storage_label = row.Find<std::string>(8);
  account.oauth_id = row.Get<std::string>(9);
  account.quota_size_in_bytes = row.Find<std::int64_t>(10);
  account.quota_usage_in_bytes = row.Get<std::int64_t>(11);
  account.status = api::ParseEnum<api::UserStatus>(row.Get<std::string_view>(12)).value_or(api::UserStatus::kActive);
  account.created_at = row.Get<TimePoint>(13);
  account.updated_at = row.Get<TimePoint>(14);
  account.deleted_at = row.Find<TimePoint>(15);
  account.license = ReadLicense(row.Find<std::string>(16));
  // Everybody is a cluster group of one until there are rows of groups (docs/compatibility.md).
  account.cluster_group_id = account.id;
  return account;
}

[[noreturn]] void ThrowTaken(const pg::QueryError& error) {
  if (error.constraint() == "user_storageLabel_uq") throw BadRequest("Storage label already in use by another account");
  throw BadRequest("Email already in use by another account");
}

}  // namespace

Task<std::optional<api::UserAdminResponseDto>> AccountStore::Find(UserId id, bool with_deleted) {
  pg::Params params{id, with_deleted};
  const pg::Result found = co_await db_.Run(sql::kAccountFind, std::move(params));
  if (found.empty()) co_return std::nullopt;
  co_return ReadAccount(found[0]);
}

Task<api::UserAdminResponseDto> AccountStore::Get(UserId id, bool with_deleted) {
  auto account = co_await Find(id, with_deleted);
  if (!account) throw BadRequest("User not found");
  co_return std::move(*account);
}

Task<std::vector<api::UserAdminResponseDto>> AccountStore::List(std::optional<UserId> only, bool with_deleted) {
  pg::Params params{only, with_deleted};
  std::vector<api::UserAdminResponseDto> accounts;
  for (const pg::Row row : co_await db_.Run(sql::kAccountList, std::move(params))) accounts.push_back(ReadAccount(row));
  co_return accounts;
}

Task<api::UserAdminResponseDto> AccountStore::Insert(NewAccount account) {
  pg::Params params{account.email,
                    account.name,
                    account.password_hash,
                    account.is_admin,
                    account.should_change_password,
                    account.storage_label,
                    account.quota_size_bytes,
                    EnumText(account.avatar_color),
                    account.pin_hash};
  try {
    const pg::Result made = co_await db_.Run(sql::kAccountInsert, std::move(params));
    co_return ReadAccount(made[0]);
  } catch (const pg::QueryError& error) {
    if (!error.is_unique_violation()) throw;
    ThrowTaken(error);
  }
}

Task<api::UserAdminResponseDto> AccountStore::Update(UserId id, AccountChanges changes) {
  pg::Params params{id,
                    changes.email,
                    changes.name,
                    changes.password_hash,
                    changes.should_change_password,
                    changes.is_admin,
                    changes.avatar_color.is_present(),
                    EnumText(changes.avatar_color.nullable()),
                    changes.pin_hash.is_present(),
                    changes.pin_hash.nullable(),
                    changes.quota_size_bytes.is_present(),
                    changes.quota_size_bytes.nullable(),
                    changes.storage_label.is_present(),
                    changes.storage_label.nullable()};
  try {
    const pg::Result changed = co_await db_.Run(sql::kAccountUpdate, std::move(params));
    if (changed.empty()) throw BadRequest("User not found");
    co_return ReadAccount(changed[0]);
  } catch (const pg::QueryError& error) {
    if (!error.is_unique_violation()) throw;
    ThrowTaken(error);
  }
}

Task<bool> AccountStore::HasAdminLocked() {
  co_await db_.Run(sql::kAccountAdminLock);
  const pg::Result result = co_await db_.Run(sql::kAccountAdminExists);
  co_return result[0].Get<bool>(0);
}

Task<AccountSecrets> AccountStore::GetSecrets(UserId id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kAccountSecretsGet, std::move(params));
  if (found.empty()) throw BadRequest("User not found");
  co_return AccountSecrets{found[0].Get<std::string>(0), found[0].Get<std::string>(1)};
}

Task<std::string> HashSecret(std::string secret) {
  auto work = [secret = std::move(secret)] { return crypto::HashPassword(secret); };
  co_return co_await RunBlocking(std::move(work));
}

Task<bool> VerifySecret(std::string secret, std::string hash) {
  auto work = [secret = std::move(secret), hash = std::move(hash)] { return crypto::VerifyPassword(secret, hash); };
  co_return co_await RunBlocking(std::move(work));
}

}  // namespace immich
