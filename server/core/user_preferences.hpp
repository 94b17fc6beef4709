#pragma once

#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// Facts: auth, "Preference defaults".
const api::UserPreferencesResponseDto& DefaultPreferences();

/// A user's preferences: the defaults overlaid by the differences stored in user_metadata `preferences`. A user that
/// does not exist has the defaults.
Task<api::UserPreferencesResponseDto> LoadPreferences(pg::Db& db, UserId user);
/// Lays `changes` over what is stored; only differences to the defaults are kept. Answers the result.
Task<api::UserPreferencesResponseDto> ChangePreferences(pg::Db& db, UserId user, api::UserPreferencesUpdateDto changes);

}  // namespace immich
