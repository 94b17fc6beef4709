#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/process/child_process.hpp"

namespace immich::process {

/// The account services must not run without: PostgreSQL refuses root. nullopt when this process is not root; then the
/// service runs as we do. Prefers the owner of `data_directory`, then the accounts postgres and nobody.
std::optional<Account> ServiceAccount(const std::string& data_directory);

/// Creates `path` (0700) and gives it to `account`; throws InternalError when somebody else owns it. Blocking.
void EnsurePrivateDirectory(const std::string& path, const std::optional<Account>& account);

/// A folder for unix sockets: `preferred`, or, when the paths of sockets in it would be too long, one below
/// $XDG_RUNTIME_DIR or /tmp whose name is derived from it.
std::string SocketDirectory(const std::string& preferred);

}  // namespace immich::process
