#include "platform/http/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::http {
namespace {

using boost::asio::ip::make_address;

bool Trusts(const TrustedProxies& proxies, const char* address) {
  return proxies.Contains(make_address(address));
}

std::string ClientIp(const TrustedProxies& proxies, const char* peer, const char* forwarded) {
  Headers headers;
  headers.Add("X-Forwarded-For", forwarded);
  return proxies.Resolve(make_address(peer), headers).ip;
}

TEST(TrustedProxiesTest, LoopbackIsAlwaysTrusted) {
  const TrustedProxies proxies({});
  EXPECT_TRUE(Trusts(proxies, "127.0.0.1"));
  EXPECT_TRUE(Trusts(proxies, "127.9.9.9"));
  EXPECT_TRUE(Trusts(proxies, "::1"));
  EXPECT_TRUE(Trusts(proxies, "::ffff:127.0.0.1"));
  EXPECT_FALSE(Trusts(proxies, "10.0.0.1"));
}

TEST(TrustedProxiesTest, RangesAndNames) {
  const TrustedProxies proxies({"192.0.2.0/25", "198.51.100.7", "2001:db8::/33", "linklocal"});
  EXPECT_TRUE(Trusts(proxies, "192.0.2.127"));
  EXPECT_FALSE(Trusts(proxies, "192.0.2.128"));
  EXPECT_TRUE(Trusts(proxies, "198.51.100.7"));
  EXPECT_FALSE(Trusts(proxies, "198.51.100.8"));
  EXPECT_TRUE(Trusts(proxies, "2001:db8:7fff::1"));
  EXPECT_FALSE(Trusts(proxies, "2001:db8:8000::1"));
  EXPECT_TRUE(Trusts(proxies, "169.254.1.1"));
  EXPECT_TRUE(Trusts(proxies, "fe80::1"));
  const TrustedProxies local({"uniquelocal"});
  for (const char* address : {"10.1.2.3", "172.31.0.1", "192.168.1.1", "fd00::1"}) EXPECT_TRUE(Trusts(local, address));
  EXPECT_FALSE(Trusts(local, "172.32.0.1"));
  EXPECT_THROW(TrustedProxies({"10.0.0.0/33"}), InternalError);
  EXPECT_THROW(TrustedProxies({"example.com"}), InternalError);
}

TEST(TrustedProxiesTest, TheRightmostUntrustedAddressIsTheClient) {
  const TrustedProxies proxies({"uniquelocal"});
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.2"), "203.0.113.5");
  EXPECT_EQ(ClientIp(proxies, "203.0.113.9", "198.51.100.1"), "203.0.113.9");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "10.0.0.1, 10.0.0.2"), "10.0.0.1");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "198.51.100.1, garbage, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", ""), "127.0.0.1");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "203.0.113.5:4711"), "203.0.113.5");
  EXPECT_EQ(ClientIp(proxies, "127.0.0.1", "[2001:db8::5]:4711"), "2001:db8::5");
  EXPECT_EQ(ClientIp(proxies, "::ffff:203.0.113.9", ""), "203.0.113.9");
}

TEST(TrustedProxiesTest, SchemeAndHostComeFromTrustedPeersOnly) {
  Headers headers;
  headers.Add("Host", "inner:2283");
  headers.Add("X-Forwarded-Proto", "https, http");
  headers.Add("X-Forwarded-Host", "photos.example.com");
  const TrustedProxies proxies({});
  const auto trusted = proxies.Resolve(make_address("127.0.0.1"), headers);
  EXPECT_TRUE(trusted.secure);
  EXPECT_EQ(trusted.host, "photos.example.com");
  const auto other = proxies.Resolve(make_address("203.0.113.9"), headers);
  EXPECT_FALSE(other.secure);
  EXPECT_EQ(other.host, "inner:2283");
}

}  // namespace
}  // namespace immich::http
