#include "platform/config/redis_url.hpp"

#include <boost/json/parse.hpp>

#include "platform/crypto/text_encoding.hpp"

namespace immich::config {

namespace {

constexpr std::string_view kScheme = "ioredis://";

std::string Text(const boost::json::object& options, std::string_view name) {
  const auto* value = options.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t Integer(const boost::json::object& options, std::string_view name, std::int64_t fallback) {
  const auto* value = options.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : fallback;
}

}  // namespace

std::optional<RedisAddress> ParseRedisUrl(std::string_view url) {
  if (!url.starts_with(kScheme)) return std::nullopt;
  const auto bytes = crypto::FromBase64(url.substr(kScheme.size()));
  if (!bytes) return std::nullopt;
  boost::system::error_code error;
  const boost::json::value parsed =
      boost::json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const boost::json::object& options = parsed.get_object();
  RedisAddress address;
  address.hostname = Text(options, "host");
  address.socket_path = Text(options, "path");
  address.username = Text(options, "username");
  address.password = Text(options, "password");
  const std::int64_t port = Integer(options, "port", 6379);
  const std::int64_t db_index = Integer(options, "db", 0);
  if (port < 1 || port > 65535 || db_index < 0 || db_index > 1'000'000) return std::nullopt;
  if (address.hostname.empty() && address.socket_path.empty()) return std::nullopt;
  address.port = static_cast<std::uint16_t>(port);
  address.db_index = static_cast<int>(db_index);
  return address;
}

}  // namespace immich::config
