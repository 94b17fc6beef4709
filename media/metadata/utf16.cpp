#include "media/metadata/utf16.hpp"

#include <cstddef>

namespace immich::media {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

void AppendUtf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int trailing = code < 0x800 ? 1 : (code < 0x10000 ? 2 : 3);
  constexpr uint32_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[trailing] | code >> (6 * trailing));
  for (int i = trailing - 1; i >= 0; --i) out += static_cast<char>(0x80 | (code >> (6 * i) & 63));
}

}  // namespace

std::string Utf8FromUtf16(std::span<const uint8_t> bytes, bool big_endian) {
  const auto unit = [&](size_t at) -> uint32_t {
    return big_endian ? static_cast<uint32_t>(bytes[at] << 8 | bytes[at + 1])
                      : static_cast<uint32_t>(bytes[at + 1] << 8 | bytes[at]);
  };
  std::string out;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    uint32_t code = unit(at);
    if (code == 0) break;
    if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size()) {
      const uint32_t low = unit(at + 2);
      const bool paired = low >= 0xDC00 && low < 0xE000;
      code = paired ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : kReplacement;
      if (paired) at += 2;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = kReplacement;
    }
    AppendUtf8(code, out);
  }
  return out;
}

}  // namespace immich::media
