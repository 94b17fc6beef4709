#pragma once

#include <string>
#include <utility>
#include <vector>

namespace immich::pg {

/// What libpq needs to connect: keywords and values of the URL over our defaults.
struct ConnectSettings {
  std::vector<std::pair<std::string, std::string>> parameters;

  /// Throws InternalError when libpq does not understand `url` (connection string or URI).
  static ConnectSettings Parse(const std::string& url, const std::string& application_name);
  /// A host name has to be looked up, which libpq does in a blocking call.
  bool NeedsLookup() const;
};

}  // namespace immich::pg
