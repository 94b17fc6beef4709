#include "ml/text/byte_alphabet.hpp"

#include <array>

#include "ml/text/unicode_text.hpp"

namespace immich::ml {
namespace {

bool StandsForItself(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

std::array<char32_t, 256> MakeAlphabet() {
  std::array<char32_t, 256> alphabet{};
  char32_t next = 0x100;
  for (unsigned byte = 0; byte < alphabet.size(); ++byte) {
    alphabet[byte] = StandsForItself(byte) ? static_cast<char32_t>(byte) : next++;
  }
  return alphabet;
}

}  // namespace

char32_t ByteCharacter(std::uint8_t byte) {
  static const std::array<char32_t, 256> kAlphabet = MakeAlphabet();
  return kAlphabet[byte];
}

std::string ToByteCharacters(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const char c : text) AppendUtf8(out, ByteCharacter(static_cast<std::uint8_t>(c)));
  return out;
}

}  // namespace immich::ml
