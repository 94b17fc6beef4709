#include "platform/crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::crypto {
namespace {

void Check(bool ok, const char* what) {
  if (!ok) throw InternalError(std::string("OpenSSL: ") + what + " failed");
}

/// Fetched once: a lookup by name for every digest costs more than hashing a token.
const EVP_MD* Algorithm(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  Check(algorithm != nullptr, name);
  return algorithm;
}
const EVP_MD* Sha1Algorithm() {
  static const EVP_MD* algorithm = Algorithm("SHA1");
  return algorithm;
}
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* algorithm = Algorithm("SHA256");
  return algorithm;
}

detail::DigestContext Begin(const EVP_MD* algorithm) {
  detail::DigestContext context(EVP_MD_CTX_new());
  Check(context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1, "digest init");
  return context;
}

template <class Digest>
Digest FinishDigest(EVP_MD_CTX* context, const EVP_MD* algorithm) {
  Digest digest;
  unsigned size = 0;
  Check(EVP_DigestFinal_ex(context, digest.data(), &size) == 1 && size == digest.size(), "digest final");
  Check(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1, "digest init");
  return digest;
}

template <class Digest>
Digest HashOnce(const EVP_MD* algorithm, std::span<const std::uint8_t> bytes) {
  Digest digest;
  unsigned size = 0;
  Check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) == 1, "digest");
  return digest;
}

}  // namespace

void detail::DigestContextDeleter::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha1::Sha1() : context_(Begin(Sha1Algorithm())) {}
void Sha1::Update(std::span<const std::uint8_t> bytes) {
  Check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "digest update");
}
Sha1Digest Sha1::Finish() {
  return FinishDigest<Sha1Digest>(context_.get(), Sha1Algorithm());
}

Sha256::Sha256() : context_(Begin(Sha256Algorithm())) {}
void Sha256::Update(std::span<const std::uint8_t> bytes) {
  Check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "digest update");
}
Sha256Digest Sha256::Finish() {
  return FinishDigest<Sha256Digest>(context_.get(), Sha256Algorithm());
}

Sha1Digest HashSha1(std::span<const std::uint8_t> bytes) {
  return HashOnce<Sha1Digest>(Sha1Algorithm(), bytes);
}
Sha1Digest HashSha1(std::string_view text) {
  return HashSha1(AsBytes(text));
}
Sha256Digest HashSha256(std::span<const std::uint8_t> bytes) {
  return HashOnce<Sha256Digest>(Sha256Algorithm(), bytes);
}
Sha256Digest HashSha256(std::string_view text) {
  return HashSha256(AsBytes(text));
}

Sha256Digest HmacSha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> message) {
  static const std::uint8_t kNoKey = 0;
  Sha256Digest digest;
  unsigned size = 0;
  const void* key_data = key.empty() ? &kNoKey : key.data();
  Check(HMAC(Sha256Algorithm(), key_data, static_cast<int>(key.size()), message.data(), message.size(), digest.data(),
             &size) != nullptr,
        "HMAC");
  return digest;
}
Sha256Digest HmacSha256(std::string_view key, std::string_view message) {
  return HmacSha256(AsBytes(key), AsBytes(message));
}

}  // namespace immich::crypto
