#include "platform/http/trusted_proxies.hpp"

#include <algorithm>
#include <charconv>

#include "platform/error/error.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

namespace ip = boost::asio::ip;

/// IPv4 as v4-mapped IPv6, so that one comparison serves both.
ip::address_v6 ToV6(const ip::address& address) {
  if (address.is_v6()) return address.to_v6();
  return ip::make_address_v6(ip::v4_mapped, address.to_v4());
}

std::string ToText(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

std::optional<ip::address> ParseAddress(std::string_view text) {
  boost::system::error_code error;
  ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

/// An element of X-Forwarded-For: an address, `[v6]:port` or `v4:port`.
std::optional<ip::address> ParseForwarded(std::string_view text) {
  text = TrimBlanks(text);
  if (text.starts_with('[')) return ParseAddress(text.substr(1, text.find(']') - 1));
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return ParseAddress(text);
}

std::string_view FirstOfList(std::string_view list) {
  return TrimBlanks(list.substr(0, list.find(',')));
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& ranges) {
  AddNamed("loopback");
  for (const std::string& entry : ranges) {
    if (entry == "loopback" || entry == "linklocal" || entry == "uniquelocal") {
      AddNamed(entry);
    } else if (const auto range = ParseRange(entry)) {
      ranges_.push_back(*range);
    } else {
      throw InternalError("trusted proxies: \"" + entry + "\" is neither an address nor a CIDR");
    }
  }
}

void TrustedProxies::AddNamed(std::string_view name) {
  const auto add = [this](std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) ranges_.push_back(ParseRange(text).value());
  };
  if (name == "loopback") add({"127.0.0.0/8", "::1/128"});
  if (name == "linklocal") add({"169.254.0.0/16", "fe80::/10"});
  if (name == "uniquelocal") add({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"});
}

std::optional<TrustedProxies::Range> TrustedProxies::ParseRange(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = ParseAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  const int width = address->is_v4() ? 32 : 128;
  int bits = width;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > width) return std::nullopt;
  }
  return Range{ToV6(*address), bits + 128 - width};
}

bool TrustedProxies::Contains(const ip::address& address) const {
  const auto bytes = ToV6(address).to_bytes();
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    const auto network = range.network.to_bytes();
    const std::size_t whole = static_cast<std::size_t>(range.prefix_bits / 8);
    if (!std::equal(network.begin(), network.begin() + whole, bytes.begin())) return false;
    const int rest = range.prefix_bits % 8;
    return rest == 0 || (network[whole] >> (8 - rest)) == (bytes[whole] >> (8 - rest));
  });
}

TrustedProxies::Client TrustedProxies::Resolve(const ip::address& peer, const Headers& headers) const {
  Client client;
  client.host = headers.Get("Host");
  ip::address address = peer;
  if (Contains(peer)) {
    client.secure = EqualsIgnoringCase(FirstOfList(headers.Get("X-Forwarded-Proto")), "https");
    if (const auto host = headers.Find("X-Forwarded-Host")) client.host = FirstOfList(*host);
    std::string joined;
    for (const auto& [name, value] : headers.items()) {
      if (EqualsIgnoringCase(name, "X-Forwarded-For")) joined += (joined.empty() ? "" : ",") + value;
    }
    std::string_view list = joined;
    while (!list.empty() && Contains(address)) {
      const std::size_t comma = list.rfind(',');
      const auto next = ParseForwarded(comma == std::string_view::npos ? list : list.substr(comma + 1));
      if (!next) break;
      address = *next;
      list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
    }
  }
  client.ip = ToText(address);
  return client;
}

}  // namespace immich::http
