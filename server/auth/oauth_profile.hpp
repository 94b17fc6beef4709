#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/config_admin_types.hpp"
#include "server/auth/identity_provider.hpp"

namespace immich::auth {

/// What an account takes over from a provider's claims.
struct ClaimedAccount {
  /// Lower case, empty when absent.
  std::string email;
  /// `name`, else given and family name, else `preferred_username`, else the e-mail address.
  std::string name;
  std::optional<std::string> storage_label;
  /// nullopt: no limit.
  std::optional<std::int64_t> quota_bytes;
  /// Absent when the claim is.
  std::optional<bool> is_admin;
};

/// Reads the claims the configuration names; those of other types count as absent.
ClaimedAccount ReadClaims(const ProviderProfile& profile, const api::AdminConfigOAuthDto& config);

}  // namespace immich::auth
