#include "platform/crypto/secret.hpp"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::crypto {

void FillRandom(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      throw InternalError("getrandom failed");
    }
  }
}

std::vector<std::uint8_t> RandomBytes(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  FillRandom(bytes);
  return bytes;
}

std::string MakeToken() {
  std::array<std::uint8_t, 32> bytes;
  FillRandom(bytes);
  std::string token = ToBase64(bytes);
  std::erase_if(token, [](char c) { return c == '+' || c == '/' || c == '='; });
  return token;
}

bool EqualsInConstantTime(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool EqualsInConstantTime(std::string_view a, std::string_view b) {
  return EqualsInConstantTime(AsBytes(a), AsBytes(b));
}

}  // namespace immich::crypto
