#pragma once

#include <optional>
#include <string>

#include "platform/http/http_message.hpp"

namespace immich {

/// What a session row says of the client.
struct ClientDevice {
  /// Browser name, or the phone's model.
  std::string type;
  /// Operating system.
  std::string os;
  /// Version of the official app; absent for other clients.
  std::optional<std::string> app_version;
};

/// From `deviceModel`/`deviceType` headers and the User-Agent (facts: auth, "Session tokens").
ClientDevice DescribeClient(const http::Request& request);

}  // namespace immich
