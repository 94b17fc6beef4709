#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/http_message.hpp"

namespace immich::http {

/// Which peers may say whom they speak for. Loopback always may.
class TrustedProxies {
 public:
  /// `ranges`: addresses, CIDRs or the names loopback, linklocal, uniquelocal. Throws InternalError naming a bad entry.
  explicit TrustedProxies(const std::vector<std::string>& ranges);
  bool Contains(const boost::asio::ip::address& address) const;

  struct Client {
    std::string ip;
    bool secure = false;
    std::string host;
  };
  /// The client behind `peer`: the rightmost address of X-Forwarded-For that is not trusted itself, and
  /// X-Forwarded-Proto / -Host when `peer` is trusted.
  Client Resolve(const boost::asio::ip::address& peer, const Headers& headers) const;

 private:
  struct Range {
    boost::asio::ip::address_v6 network;
    int prefix_bits = 128;
  };
  static std::optional<Range> ParseRange(std::string_view text);
  void AddNamed(std::string_view name);

  std::vector<Range> ranges_;
};

}  // namespace immich::http
