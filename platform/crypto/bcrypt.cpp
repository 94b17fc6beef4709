#include "platform/crypto/bcrypt.hpp"

#include <crypt.h>

#include <array>
#include <cstdint>
#include <memory>

#include "platform/crypto/secret.hpp"
#include "platform/error/error.hpp"

namespace immich::crypto {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kMaxPasswordBytes = 72;
constexpr std::size_t kHashLength = 60;

bool IsBcrypt(std::string_view hash) {
  return hash.size() == kHashLength &&
         (hash.starts_with("$2b$") || hash.starts_with("$2a$") || hash.starts_with("$2y$"));
}

/// The hash of `password` under `setting` (a salt or a whole hash); empty when the setting is not valid.
std::string Crypt(std::string_view password, const std::string& setting) {
  // crypt_r refuses more than 511 bytes, bcrypt ignores all after 72.
  const std::string text(password.substr(0, kMaxPasswordBytes));
  const auto data = std::make_unique<crypt_data>();
  const char* hash = crypt_r(text.c_str(), setting.c_str(), data.get());
  return hash != nullptr && hash[0] != '*' ? hash : "";
}

}  // namespace

std::string HashPassword(std::string_view password, int cost) {
  if (password.find('\0') != std::string_view::npos) throw BadRequest("A password cannot contain a NUL character");
  std::array<std::uint8_t, kSaltBytes> salt;
  FillRandom(salt);
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting;
  if (crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), reinterpret_cast<const char*>(salt.data()),
                       static_cast<int>(salt.size()), setting.data(), static_cast<int>(setting.size())) == nullptr) {
    throw InternalError("crypt_gensalt_rn refused bcrypt");
  }
  std::string hash = Crypt(password, setting.data());
  if (!IsBcrypt(hash)) throw InternalError("crypt_r refused bcrypt");
  return hash;
}

bool VerifyPassword(std::string_view password, std::string_view hash) {
  if (!IsBcrypt(hash) || password.find('\0') != std::string_view::npos) return false;
  const std::string again = Crypt(password, std::string(hash));
  return EqualsInConstantTime(again, hash);
}

const std::string& UnknownUserHash() {
  static const std::string kHash = HashPassword(MakeToken());
  return kHash;
}

}  // namespace immich::crypto
