#include "platform/json/json_writer.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace immich::json {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

/// High bit of every byte that is 0 (exact only for the lowest such byte, which is all we need).
constexpr std::uint64_t ZeroBytes(std::uint64_t word) {
  return (word - kOnes) & ~word & kHighBits;
}

/// Nonzero when one of eight bytes is a control character, quote or backslash.
constexpr std::uint64_t SpecialBytes(std::uint64_t word) {
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighBits;
  return control | ZeroBytes(word ^ (kOnes * '"')) | ZeroBytes(word ^ (kOnes * '\\'));
}

bool IsSpecial(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Length of the prefix that needs no escape.
std::size_t PlainPrefix(const char* data, std::size_t size) {
  std::size_t i = 0;
  static_assert(std::endian::native == std::endian::little);
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, data + i, 8);
    if (const auto found = SpecialBytes(word)) return i + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  while (i < size && !IsSpecial(data[i])) ++i;
  return i;
}

void AppendEscape(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"", 2);
      return;
    case '\\':
      out.append("\\\\", 2);
      return;
    case '\b':
      out.append("\\b", 2);
      return;
    case '\f':
      out.append("\\f", 2);
      return;
    case '\n':
      out.append("\\n", 2);
      return;
    case '\r':
      out.append("\\r", 2);
      return;
    case '\t':
      out.append("\\t", 2);
      return;
    default: {
      constexpr char kHex[] = "0123456789abcdef";
      const std::array<char, 6> text{'\\', 'u', '0', '0', kHex[(c >> 4) & 15], kHex[c & 15]};
      out.append(text.data(), text.size());
    }
  }
}

/// `digits` × 10^(point − digits.size()) as ECMAScript's Number::toString lays it out.
void AppendDecimal(std::string& out, std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (point > 21 || point < -5) {
    out.push_back(digits[0]);
    if (count > 1) out.append(1, '.').append(digits.substr(1));
    out.append(point > 0 ? "e+" : "e-");
    AppendInt(out, std::abs(point - 1));
  } else if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (count <= point) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(point);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

}  // namespace

void AppendString(std::string& out, std::string_view text) {
  out.push_back('"');
  while (true) {
    const std::size_t plain = PlainPrefix(text.data(), text.size());
    out.append(text.substr(0, plain));
    if (plain == text.size()) break;
    AppendEscape(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out.push_back('"');
}

void AppendInt(std::string& out, std::int64_t value) {
  char buffer[20];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, static_cast<std::size_t>(end - buffer));
}

void AppendDouble(std::string& out, double value) {
  if (!std::isfinite(value)) return AppendNull(out);
  if (value == std::trunc(value) && std::abs(value) < 9007199254740992.0) {
    return AppendInt(out, static_cast<std::int64_t>(value));
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const std::size_t exponent_at = text.find('e');
  int exponent = 0;
  const std::size_t sign = text[exponent_at + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + exponent_at + sign, text.data() + text.size(), exponent);
  char digits[24];
  std::size_t count = 0;
  for (const char c : text.substr(0, exponent_at)) {
    if (c != '.') digits[count++] = c;
  }
  AppendDecimal(out, {digits, count}, exponent + 1);
}

void AppendUuid(std::string& out, const Uuid& id) {
  char buffer[38];
  buffer[0] = buffer[37] = '"';
  id.Write(buffer + 1);
  out.append(buffer, sizeof buffer);
}

void AppendTime(std::string& out, TimePoint time) {
  out.push_back('"');
  AppendIso(out, time);
  out.push_back('"');
}

}  // namespace immich::json
