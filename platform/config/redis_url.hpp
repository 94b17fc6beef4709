#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace immich::config {

struct RedisAddress {
  std::string hostname, username, password, socket_path;
  std::uint16_t port = 6379;
  int db_index = 0;
};

/// Compat: REDIS_URL: `ioredis://` and the base64 of ioredis options as JSON (host, port, path, db, username,
/// password); nullopt for anything else.
std::optional<RedisAddress> ParseRedisUrl(std::string_view url);

}  // namespace immich::config
