#include "server/core/user_preferences.hpp"

#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "core_sql.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_merge.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace {

constexpr std::string_view kKey = "preferences";
constexpr std::int64_t kArchiveBytes = 4LL * 1024 * 1024 * 1024;
constexpr std::int64_t kMemorySeconds = 5;
constexpr std::int64_t kMinimumFaces = 3;

api::UserPreferencesResponseDto MakeDefaults() {
  api::UserPreferencesResponseDto defaults;
  defaults.albums.default_asset_order = api::AssetOrder::kDesc;
  defaults.download.archive_size = kArchiveBytes;
  defaults.email_notifications = {.album_invite = true, .album_update = true, .enabled = true};
  defaults.memories.enabled = true;
  defaults.memories.duration = kMemorySeconds;
  defaults.people.enabled = true;
  defaults.people.minimum_faces = kMinimumFaces;
  // Compat: a day in the past stands for "not hidden".
  defaults.purchase.hide_buy_button_until = "2022-02-12T00:00:00.000Z";
  defaults.purchase.show_support_badge = true;
  defaults.shared_links.enabled = true;
  return defaults;
}

const std::string& DefaultText() {
  static const std::string text = api::ToJson(DefaultPreferences());
  return text;
}

/// The stored differences; `{}` without any.
Task<std::string> LoadDifferences(pg::Db& db, UserId user) {
  pg::Params params{user, kKey};
  const pg::Result found = co_await db.Run(sql::kUserMetadataFind, std::move(params));
  if (found.empty()) co_return std::string("{}");
  co_return found[0].Get<std::string>(0);
}

/// Stored by any version of any program: what the contract does not know is not followed.
api::UserPreferencesResponseDto Resolve(UserId user, const std::string& differences) {
  try {
    return api::FromJson<api::UserPreferencesResponseDto>(json::MergeText(DefaultText(), differences));
  } catch (const Error& error) {
    log::Warn("Preferences", "stored preferences of user {} are not valid: {}", user.ToString(), error.JsonBody());
    return DefaultPreferences();
  }
}

}  // namespace

const api::UserPreferencesResponseDto& DefaultPreferences() {
  static const api::UserPreferencesResponseDto defaults = MakeDefaults();
  return defaults;
}

Task<api::UserPreferencesResponseDto> LoadPreferences(pg::Db& db, UserId user) {
  const std::string differences = co_await LoadDifferences(db, user);
  co_return Resolve(user, differences);
}

Task<api::UserPreferencesResponseDto> ChangePreferences(pg::Db& db, UserId user,
                                                        api::UserPreferencesUpdateDto changes) {
  // Compat: PUT /users/me/preferences: `avatar` is accepted and has no effect; the colour belongs to the account.
  changes.avatar.reset();
  const api::UserPreferencesResponseDto before = co_await LoadPreferences(db, user);
  const std::string wanted = json::MergeText(api::ToJson(before), api::ToJson(changes));
  auto after = api::FromJson<api::UserPreferencesResponseDto>(wanted);
  const std::string differences = json::DifferenceText(DefaultText(), wanted);
  pg::Params params{user, kKey, pg::Json{differences}};
  co_await db.Run(sql::kUserMetadataSet, std::move(params));
  co_return after;
}

}  // namespace immich
