#include "platform/uuid/uuid.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

namespace immich {
namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> MakeHexValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint8_t>(10 + i);
    values['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}
constexpr auto kHexValues = MakeHexValues();
constexpr char kHexDigits[] = "0123456789abcdef";
constexpr std::size_t kTextLength = 36;

constexpr bool IsDashPosition(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

/// Not buffered: a copy of a buffer in a forked child would repeat identifiers.
void FillRandom(std::uint8_t* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = getrandom(out, size, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::abort();  // Only without a kernel generator: nothing in the program is safe then.
    }
    out += got;
    size -= static_cast<std::size_t>(got);
  }
}

void SetVersion(Uuid& id, std::uint8_t version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
}

}  // namespace

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Uuid id;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < kTextLength;) {
    if (IsDashPosition(i)) {
      if (text[i] != '-') return std::nullopt;
      ++i;
      continue;
    }
    const unsigned high = kHexValues[static_cast<unsigned char>(text[i])];
    const unsigned low = kHexValues[static_cast<unsigned char>(text[i + 1])];
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    id.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
    i += 2;
  }
  return id;
}

Uuid Uuid::Random() {
  Uuid id;
  FillRandom(id.bytes.data(), id.bytes.size());
  SetVersion(id, 4);
  return id;
}

Uuid Uuid::Version7(std::int64_t unix_ms) {
  Uuid id;
  FillRandom(id.bytes.data() + 6, id.bytes.size() - 6);
  const auto time = static_cast<std::uint64_t>(unix_ms);
  for (int i = 0; i < 6; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(time >> (40 - 8 * i));
  SetVersion(id, 7);
  return id;
}

std::int64_t Uuid::unix_ms() const {
  std::int64_t time = 0;
  for (std::size_t i = 0; i < 6; ++i) time = (time << 8) | bytes[i];
  return time;
}

std::string Uuid::ToString() const {
  std::string text(kTextLength, '\0');
  Write(text.data());
  return text;
}

void Uuid::Write(char* out) const {
  std::size_t position = 0;
  for (const std::uint8_t byte : bytes) {
    if (IsDashPosition(position)) out[position++] = '-';
    out[position++] = kHexDigits[byte >> 4];
    out[position++] = kHexDigits[byte & 0x0F];
  }
}

}  // namespace immich
