#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// Keys of the table system_metadata; shared with the original.
namespace system_metadata_key {
inline constexpr std::string_view kAdminOnboarding = "admin-onboarding";
inline constexpr std::string_view kLicense = "license";
inline constexpr std::string_view kReverseGeocodingState = "reverse-geocoding-state";
inline constexpr std::string_view kVersionCheckState = "version-check-state";
}  // namespace system_metadata_key

struct VersionCheckState {
  std::optional<std::string> checked_at, release_version;
};

struct ReverseGeocodingState {
  std::optional<std::string> last_update, last_import_file_name;
};

/// The system's key/value store; values are JSON objects. Members of another type than expected count as absent.
class SystemMetadata {
 public:
  explicit SystemMetadata(pg::Db& db) : db_(db) {}

  /// JSON text.
  Task<std::optional<std::string>> Find(std::string_view key);
  Task<void> Set(std::string_view key, std::string_view json);
  Task<void> Delete(std::string_view key);

  Task<VersionCheckState> GetVersionCheckState();
  Task<ReverseGeocodingState> GetReverseGeocodingState();
  Task<bool> IsOnboarded();

 private:
  pg::Db& db_;
};

}  // namespace immich
