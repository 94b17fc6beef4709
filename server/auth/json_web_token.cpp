#include "server/auth/json_web_token.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "platform/crypto/secret.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::auth {

namespace {

using Bytes = std::vector<std::uint8_t>;

template <auto Free>
struct Releaser {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD_free>>;
using ParamList = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;

std::string TextOf(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Bytes BytesOf(const boost::json::object& object, std::string_view name) {
  return crypto::FromBase64Url(TextOf(object, name)).value_or(Bytes{});
}

PublicKey BuildKey(const char* type, OSSL_PARAM_BLD* builder) {
  const ParamList params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0) {
    return nullptr;
  }
  return PublicKey(key);
}

PublicKey RsaKey(const boost::json::object& jwk) {
  const Bytes modulus = BytesOf(jwk, "n"), exponent = BytesOf(jwk, "e");
  if (modulus.empty() || exponent.empty()) return nullptr;
  const BigNumber n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const BigNumber e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return BuildKey("RSA", builder.get());
}

PublicKey EcKey(const boost::json::object& jwk) {
  const std::string curve = TextOf(jwk, "crv");
  const char* group = curve == "P-256" ? "P-256" : curve == "P-384" ? "P-384" : curve == "P-521" ? "P-521" : nullptr;
  const Bytes x = BytesOf(jwk, "x"), y = BytesOf(jwk, "y");
  if (group == nullptr || x.empty() || x.size() != y.size()) return nullptr;
  // An uncompressed point: 4, then both coordinates.
  Bytes point{4};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return BuildKey("EC", builder.get());
}

PublicKey OkpKey(const boost::json::object& jwk) {
  const Bytes x = BytesOf(jwk, "x");
  if (TextOf(jwk, "crv") != "Ed25519" || x.empty()) return nullptr;
  return PublicKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.data(), x.size()));
}

const EVP_MD* DigestOf(std::string_view algorithm) {
  if (algorithm.ends_with("256")) return EVP_sha256();
  if (algorithm.ends_with("384")) return EVP_sha384();
  if (algorithm.ends_with("512")) return EVP_sha512();
  return nullptr;
}

/// Tokens carry r and s side by side; OpenSSL wants them in DER.
Bytes ToDer(const Bytes& signature) {
  const int half = static_cast<int>(signature.size() / 2);
  const EcdsaSignature pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(signature.data(), half, nullptr);
  BIGNUM* s = BN_bin2bn(signature.data() + half, half, nullptr);
  if (ECDSA_SIG_set0(pair.get(), r, s) != 1) return {};
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  if (length <= 0) return {};
  Bytes out(der, der + length);
  OPENSSL_free(der);
  return out;
}

bool Verifies(EVP_PKEY* key, std::string_view algorithm, std::string_view text, const Bytes& signature) {
  const bool is_edwards = algorithm == "EdDSA";
  const EVP_MD* digest = is_edwards ? nullptr : DigestOf(algorithm);
  if (!is_edwards && digest == nullptr) return false;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &key_context, digest, nullptr, key) != 1) return false;
  if (algorithm.starts_with("PS")) {
    EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST);
  }
  const Bytes wanted = algorithm.starts_with("ES") ? ToDer(signature) : signature;
  return EVP_DigestVerify(context.get(), wanted.data(), wanted.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

std::string_view KeyTypeFor(std::string_view algorithm) {
  if (algorithm.starts_with("RS") || algorithm.starts_with("PS")) return "RSA";
  if (algorithm.starts_with("ES")) return "EC";
  return algorithm == "EdDSA" ? "OKP" : "";
}

json::Document ParsePart(std::string_view part) {
  const auto bytes = crypto::FromBase64Url(part);
  if (!bytes) throw BadRequest("Invalid token");
  json::Document document =
      json::Document::Parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
  if (!document.root().is_object()) throw BadRequest("Invalid token");
  return document;
}

}  // namespace

void detail::KeyDeleter::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

JsonWebKeys JsonWebKeys::Parse(std::string_view text) {
  const json::Document document = json::Document::Parse(text);
  const auto* set = document.root().if_object();
  const auto* list = set == nullptr ? nullptr : set->if_contains("keys");
  if (list == nullptr || !list->is_array()) throw BadRequest("Invalid key set");
  JsonWebKeys result;
  for (const auto& value : list->get_array()) {
    const auto* jwk = value.if_object();
    if (jwk == nullptr || TextOf(*jwk, "use") == "enc") continue;
    Key key{TextOf(*jwk, "kid"), TextOf(*jwk, "kty"), nullptr};
    if (key.type == "RSA") key.key = RsaKey(*jwk);
    if (key.type == "EC") key.key = EcKey(*jwk);
    if (key.type == "OKP") key.key = OkpKey(*jwk);
    if (key.key) result.keys_.push_back(std::move(key));
  }
  return result;
}

JsonWebToken JsonWebToken::Parse(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) throw BadRequest("Invalid token");
  const json::Document header = ParsePart(text.substr(0, first));
  JsonWebToken token(ParsePart(text.substr(first + 1, second - first - 1)));
  token.algorithm_ = TextOf(header.root().get_object(), "alg");
  token.key_id_ = TextOf(header.root().get_object(), "kid");
  token.signed_text_ = std::string(text.substr(0, second));
  auto signature = crypto::FromBase64Url(text.substr(second + 1));
  if (!signature) throw BadRequest("Invalid token");
  token.signature_ = std::move(*signature);
  return token;
}

bool JsonWebToken::IsSignedBy(const JsonWebKeys& keys) const {
  const std::string_view type = KeyTypeFor(algorithm_);
  return std::ranges::any_of(keys.keys(), [&](const JsonWebKeys::Key& key) {
    const bool may_be = key.type == type && (key_id_.empty() || key.id.empty() || key.id == key_id_);
    return may_be && Verifies(key.key.get(), algorithm_, signed_text_, signature_);
  });
}

bool JsonWebToken::IsSignedWith(std::string_view secret) const {
  const EVP_MD* digest = algorithm_.starts_with("HS") ? DigestOf(algorithm_) : nullptr;
  if (digest == nullptr || secret.empty()) return false;
  std::uint8_t made[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text_.data()), signed_text_.size(), made, &length);
  return crypto::EqualsInConstantTime(std::span<const std::uint8_t>(made, length), signature_);
}

const boost::json::object& JsonWebToken::claims() const {
  return claims_.root().get_object();
}

std::string JsonWebToken::TextClaim(std::string_view name) const {
  return TextOf(claims(), name);
}

bool JsonWebToken::IsFor(std::string_view audience) const {
  const auto* value = claims().if_contains("aud");
  if (value == nullptr) return false;
  if (value->is_string()) return value->get_string() == audience;
  if (!value->is_array()) return false;
  return std::ranges::any_of(value->get_array(), [&](const boost::json::value& one) {
    return one.is_string() && one.get_string() == audience;
  });
}

std::optional<TimePoint> JsonWebToken::TimeClaim(std::string_view name) const {
  const auto* value = claims().if_contains(name);
  boost::json::error_code error;
  const auto seconds = value != nullptr ? value->to_number<double>(error) : 0.0;
  // Beyond that a double of milliseconds is not exact, and no token lives that long.
  constexpr double kLimitSeconds = 253402300800.0;
  if (value == nullptr || error || !(seconds > -kLimitSeconds && seconds < kLimitSeconds)) return std::nullopt;
  return FromUnixMilliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace immich::auth
