#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/json/json_parse.hpp"
#include "platform/time/time_point.hpp"

struct evp_pkey_st;

namespace boost::json {
class object;
}

namespace immich::auth {

namespace detail {
struct KeyDeleter {
  void operator()(evp_pkey_st* key) const;
};
}  // namespace detail
using PublicKey = std::unique_ptr<evp_pkey_st, detail::KeyDeleter>;

/// Public keys of an identity provider (RFC 7517).
class JsonWebKeys {
 public:
  JsonWebKeys() = default;
  /// Keys of a kind we do not know and those not meant for signatures are left out. Throws BadRequest for other JSON.
  static JsonWebKeys Parse(std::string_view json);

  struct Key {
    std::string id;
    /// RSA, EC or OKP.
    std::string type;
    PublicKey key;
  };
  const std::vector<Key>& keys() const { return keys_; }

 private:
  std::vector<Key> keys_;
};

/// A signed token in the compact form (RFC 7515), not verified yet.
class JsonWebToken {
 public:
  /// Throws BadRequest unless it is one.
  static JsonWebToken Parse(std::string_view text);

  const std::string& algorithm() const { return algorithm_; }
  /// True when one of the keys made the signature: RS, PS, ES and EdDSA.
  bool IsSignedBy(const JsonWebKeys& keys) const;
  /// HS256, HS384 and HS512.
  bool IsSignedWith(std::string_view secret) const;

  const boost::json::object& claims() const;
  /// Empty when absent or not a text.
  std::string TextClaim(std::string_view name) const;
  /// `aud` is this client, or a list with it.
  bool IsFor(std::string_view audience) const;
  /// Seconds since 1970 of `exp`, `iat`; nullopt when absent.
  std::optional<TimePoint> TimeClaim(std::string_view name) const;

 private:
  explicit JsonWebToken(json::Document claims) : claims_(std::move(claims)) {}

  std::string algorithm_, key_id_;
  /// Header and claims as they were signed.
  std::string signed_text_;
  std::vector<std::uint8_t> signature_;
  json::Document claims_;
};

}  // namespace immich::auth
