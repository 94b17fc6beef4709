#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_md_ctx_st;

namespace immich::crypto {

using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

namespace detail {
struct DigestContextDeleter {
  void operator()(evp_md_ctx_st* context) const;
};
using DigestContext = std::unique_ptr<evp_md_ctx_st, DigestContextDeleter>;
}  // namespace detail

/// Incremental SHA-1, the checksum of every asset file. About 1 GB/s with the processor's SHA instructions.
class Sha1 {
 public:
  Sha1();
  void Update(std::span<const std::uint8_t> bytes);
  /// The digest of everything so far; the object starts over.
  Sha1Digest Finish();

 private:
  detail::DigestContext context_;
};

/// Incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  void Update(std::span<const std::uint8_t> bytes);
  /// The digest of everything so far; the object starts over.
  Sha256Digest Finish();

 private:
  detail::DigestContext context_;
};

Sha1Digest HashSha1(std::span<const std::uint8_t> bytes);
Sha1Digest HashSha1(std::string_view text);
Sha256Digest HashSha256(std::span<const std::uint8_t> bytes);
Sha256Digest HashSha256(std::string_view text);
/// HMAC-SHA256 of RFC 2104.
Sha256Digest HmacSha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> message);
Sha256Digest HmacSha256(std::string_view key, std::string_view message);

}  // namespace immich::crypto
