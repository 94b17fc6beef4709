#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace immich::media {

/// UTF-16 to UTF-8, up to a zero character; unpaired surrogates become U+FFFD, an odd last byte is dropped.
std::string Utf8FromUtf16(std::span<const uint8_t> bytes, bool big_endian);

}  // namespace immich::media
