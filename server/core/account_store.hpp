#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "platform/json/json_maybe.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// A new row of `user`. Passwords and PIN codes are bcrypt hashes (HashSecret).
struct NewAccount {
  std::string email;
  std::string name;
  /// Empty for accounts that sign in through an identity provider only.
  std::string password_hash;
  bool is_admin = false;
  bool should_change_password = true;
  std::optional<std::string> storage_label;
  std::optional<std::int64_t> quota_size_bytes;
  std::optional<api::UserAvatarColor> avatar_color;
  std::optional<std::string> pin_hash;
};

/// What to change; absent members stay, null clears.
struct AccountChanges {
  std::optional<std::string> email;
  std::optional<std::string> name;
  std::optional<std::string> password_hash;
  std::optional<bool> should_change_password;
  std::optional<bool> is_admin;
  json::Maybe<api::UserAvatarColor> avatar_color;
  json::Maybe<std::string> pin_hash;
  json::Maybe<std::int64_t> quota_size_bytes;
  json::Maybe<std::string> storage_label;
};

struct AccountSecrets {
  /// Empty when there is none.
  std::string password_hash;
  std::string pin_hash;
};

/// Rows of `user`, for the slices that deal with accounts (auth, users, admin_users).
class AccountStore {
 public:
  explicit AccountStore(pg::Db& db) : db_(db) {}

  Task<std::optional<api::UserAdminResponseDto>> Find(UserId id, bool with_deleted = false);
  /// Throws BadRequest `User not found`.
  Task<api::UserAdminResponseDto> Get(UserId id, bool with_deleted = false);
  /// Newest first.
  Task<std::vector<api::UserAdminResponseDto>> List(std::optional<UserId> only, bool with_deleted);
  /// Throws BadRequest when e-mail address or storage label are taken.
  Task<api::UserAdminResponseDto> Insert(NewAccount account);
  /// Throws BadRequest as Get and Insert do.
  Task<api::UserAdminResponseDto> Update(UserId id, AccountChanges changes);
  /// In a transaction: whether there is an administrator, until its end.
  Task<bool> HasAdminLocked();
  /// Throws BadRequest `User not found`.
  Task<AccountSecrets> GetSecrets(UserId id);

 private:
  pg::Db& db_;
};

/// bcrypt off the event loop, for passwords and PIN codes.
Task<std::string> HashSecret(std::string secret);
/// False for an empty `hash`.
Task<bool> VerifySecret(std::string secret, std::string hash);

}  // namespace immich
