#include "platform/crypto/text_encoding.hpp"

#include <array>
#include <cstring>

namespace immich::crypto {
namespace {

constexpr std::uint8_t kInvalid = 0xFF;
constexpr std::string_view kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Two characters for each byte.
constexpr std::array<char, 512> MakeHexPairs() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = kDigits[i / 16];
    pairs[2 * i + 1] = kDigits[i % 16];
  }
  return pairs;
}
constexpr auto kHexPairs = MakeHexPairs();

constexpr std::array<std::uint8_t, 256> MakeHexValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kInvalid);
  for (std::uint8_t i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    values[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}
constexpr auto kHexValues = MakeHexValues();

/// Two characters for each group of twelve bits: halves the look-ups of a byte-wise encoder.
constexpr std::array<char, 8192> MakeBase64Pairs(std::string_view alphabet) {
  std::array<char, 8192> pairs{};
  for (std::size_t i = 0; i < 4096; ++i) {
    pairs[2 * i] = alphabet[i / 64];
    pairs[2 * i + 1] = alphabet[i % 64];
  }
  return pairs;
}

constexpr std::array<std::uint8_t, 256> MakeBase64Values(std::string_view alphabet) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kInvalid);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

struct Base64Tables {
  std::string_view alphabet;
  std::array<char, 8192> pairs;
  std::array<std::uint8_t, 256> values;
};
constexpr Base64Tables kBase64{kBase64Alphabet, MakeBase64Pairs(kBase64Alphabet), MakeBase64Values(kBase64Alphabet)};
constexpr Base64Tables kUrl{kUrlAlphabet, MakeBase64Pairs(kUrlAlphabet), MakeBase64Values(kUrlAlphabet)};

void Encode(std::string& out, std::span<const std::uint8_t> bytes, const Base64Tables& tables, bool padded) {
  const std::size_t full = bytes.size() / 3;
  const std::size_t rest = bytes.size() % 3;
  const std::size_t rest_length = rest == 0 ? 0 : padded ? 4 : rest + 1;
  const std::size_t start = out.size();
  out.resize(start + full * 4 + rest_length);
  char* to = out.data() + start;
  const std::uint8_t* from = bytes.data();
  for (std::size_t i = 0; i < full; ++i, from += 3, to += 4) {
    const unsigned group = static_cast<unsigned>(from[0] << 16 | from[1] << 8 | from[2]);
    std::memcpy(to, &tables.pairs[2 * (group >> 12)], 2);
    std::memcpy(to + 2, &tables.pairs[2 * (group & 0xFFF)], 2);
  }
  if (rest == 0) return;
  const unsigned group = static_cast<unsigned>(from[0] << 16 | (rest == 2 ? from[1] << 8 : 0));
  to[0] = tables.alphabet[group >> 18];
  to[1] = tables.alphabet[group >> 12 & 63];
  if (rest == 2) to[2] = tables.alphabet[group >> 6 & 63];
  for (std::size_t i = rest + 1; i < rest_length; ++i) to[i] = '=';
}

/// Decodes `text`, which has no padding; refuses unused bits that are not zero.
std::optional<std::vector<std::uint8_t>> Decode(std::string_view text, const Base64Tables& tables) {
  const std::size_t full = text.size() / 4;
  const std::size_t rest = text.size() % 4;
  if (rest == 1) return std::nullopt;
  std::vector<std::uint8_t> bytes(full * 3 + (rest == 0 ? 0 : rest - 1));
  const auto value = [&](std::size_t i) -> unsigned { return tables.values[static_cast<unsigned char>(text[i])]; };
  unsigned bad = 0;
  std::uint8_t* to = bytes.data();
  for (std::size_t i = 0; i < full * 4; i += 4, to += 3) {
    const unsigned a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
    bad |= a | b | c | d;
    const unsigned group = a << 18 | b << 12 | c << 6 | d;
    to[0] = static_cast<std::uint8_t>(group >> 16);
    to[1] = static_cast<std::uint8_t>(group >> 8);
    to[2] = static_cast<std::uint8_t>(group);
  }
  if (rest != 0) {
    const unsigned a = value(full * 4), b = value(full * 4 + 1), c = rest == 3 ? value(full * 4 + 2) : 0;
    bad |= a | b | c;
    const unsigned group = a << 18 | b << 12 | c << 6;
    to[0] = static_cast<std::uint8_t>(group >> 16);
    if (rest == 3) to[1] = static_cast<std::uint8_t>(group >> 8);
    if ((rest == 3 ? group & 0xFF : group & 0xFFFF) != 0) return std::nullopt;
  }
  if (bad > 63) return std::nullopt;
  return bytes;
}

}  // namespace

std::string ToHex(std::span<const std::uint8_t> bytes) {
  std::string text;
  AppendHex(text, bytes);
  return text;
}

void AppendHex(std::string& out, std::span<const std::uint8_t> bytes) {
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  char* to = out.data() + start;
  for (const std::uint8_t byte : bytes) {
    std::memcpy(to, &kHexPairs[2 * static_cast<std::size_t>(byte)], 2);
    to += 2;
  }
}

std::optional<std::vector<std::uint8_t>> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 2);
  unsigned bad = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned high = kHexValues[static_cast<unsigned char>(text[2 * i])];
    const unsigned low = kHexValues[static_cast<unsigned char>(text[2 * i + 1])];
    bad |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (bad > 15) return std::nullopt;
  return bytes;
}

std::string ToBase64(std::span<const std::uint8_t> bytes) {
  std::string text;
  Encode(text, bytes, kBase64, true);
  return text;
}

void AppendBase64(std::string& out, std::span<const std::uint8_t> bytes) {
  Encode(out, bytes, kBase64, true);
}

std::optional<std::vector<std::uint8_t>> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return Decode(text, kBase64);
}

std::string ToBase64Url(std::span<const std::uint8_t> bytes) {
  std::string text;
  Encode(text, bytes, kUrl, false);
  return text;
}

std::optional<std::vector<std::uint8_t>> FromBase64Url(std::string_view text) {
  return Decode(text, kUrl);
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace immich::crypto
