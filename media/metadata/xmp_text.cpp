#include "media/metadata/xmp_text.hpp"

#include "media/metadata/utf16.hpp"

namespace immich::media {

std::string XmpTextFromBytes(std::span<const uint8_t> bytes) {
  const auto starts_with = [&](uint8_t first, uint8_t second) {
    return bytes.size() >= 2 && bytes[0] == first && bytes[1] == second;
  };
  if (starts_with(0xFE, 0xFF)) return Utf8FromUtf16(bytes.subspan(2), true);
  if (starts_with(0xFF, 0xFE)) return Utf8FromUtf16(bytes.subspan(2), false);
  if (starts_with(0, '<')) return Utf8FromUtf16(bytes, true);
  if (starts_with('<', 0)) return Utf8FromUtf16(bytes, false);
  if (starts_with(0xEF, 0xBB) && bytes.size() >= 3 && bytes[2] == 0xBF) bytes = bytes.subspan(3);
  return {bytes.begin(), bytes.end()};
}

}  // namespace immich::media
