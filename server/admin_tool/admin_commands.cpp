#include "server/admin_tool/admin_commands.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/secret.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/account_store.hpp"
#include "server/core/system_config.hpp"

namespace immich::admin_tool {

namespace {

/// 20 letters and digits: 119 bits.
constexpr std::size_t kMadeUpLength = 20;

}  // namespace

Task<std::vector<api::UserAdminResponseDto>> AdminCommands::ListUsers() {
  AccountStore accounts(db_);
  auto users = co_await accounts.List(std::nullopt, false);
  std::ranges::reverse(users);
  co_return users;
}

Task<AdminCommands::NewPassword> AdminCommands::ResetAdminPassword(std::string password) {
  const auto users = co_await ListUsers();
  const auto admin = std::ranges::find_if(users, &api::UserAdminResponseDto::is_admin);
  if (admin == users.end()) throw BadRequest("There is no administrator yet: open the web app and make one");
  if (password.empty()) password = crypto::MakeToken().substr(0, kMadeUpLength);
  AccountChanges changes;
  changes.password_hash = co_await HashSecret(password);
  changes.should_change_password = false;
  AccountStore accounts(db_);
  co_await accounts.Update(UserId(admin->id), std::move(changes));
  co_return NewPassword{.email = admin->email, .password = std::move(password)};
}

Task<void> AdminCommands::SetAdmin(std::string email, bool is_admin) {
  const auto users = co_await ListUsers();
  const auto user = std::ranges::find(users, email, &api::UserAdminResponseDto::email);
  if (user == users.end()) throw BadRequest("No account has the address " + email);
  if (!is_admin && user->is_admin && std::ranges::count_if(users, &api::UserAdminResponseDto::is_admin) == 1)
    throw BadRequest(email + " is the only administrator");
  AccountChanges changes;
  changes.is_admin = is_admin;
  AccountStore accounts(db_);
  co_await accounts.Update(UserId(user->id), std::move(changes));
}

Task<void> AdminCommands::SetPasswordLogin(bool is_enabled) {
  api::AdminConfigDto wanted = config_.current();
  wanted.password_login.enabled = is_enabled;
  co_await config_.Save(wanted);
}

Task<void> AdminCommands::SetOAuthLogin(bool is_enabled) {
  api::AdminConfigDto wanted = config_.current();
  if (is_enabled && wanted.oauth.issuer_url.empty())
    throw BadRequest("OAuth has no issuer address yet: set it in the web app first");
  wanted.oauth.enabled = is_enabled;
  co_await config_.Save(wanted);
}

}  // namespace immich::admin_tool
