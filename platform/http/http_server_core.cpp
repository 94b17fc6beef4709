#include "platform/http/http_server_core.hpp"

#include <random>

namespace immich::http {
namespace {
constexpr std::size_t kScratchBytes = 64 * 1024;
}

ServerCore::ServerCore(boost::asio::any_io_executor executor_in, ServerOptions options_in, const Router& router_in)
    : executor(std::move(executor_in)),
      options(std::move(options_in)),
      router(router_in),
      proxies(options.trusted_proxies),
      scratch(kScratchBytes) {}

std::string_view ServerCore::HttpDate() {
  const std::time_t second = std::time(nullptr);
  if (second != date_second_) {
    date_second_ = second;
    date_ = ToHttpDate(TimePoint(std::chrono::seconds(second)));
  }
  return date_;
}

std::string ServerCore::NewCorrelationId() {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  static constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string id(8, '0');
  std::uint64_t bits = random();
  for (char& c : id) {
    c = kDigits[bits % kDigits.size()];
    bits /= kDigits.size();
  }
  return id;
}

const ServerCore::WebSocketHandler* ServerCore::FindWebSocket(std::string_view path) const {
  if (path.ends_with('/')) path.remove_suffix(1);
  for (const auto& [known, handler] : web_sockets) {
    if (known == path) return &handler;
  }
  return nullptr;
}

}  // namespace immich::http
