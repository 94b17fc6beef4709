#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace immich::media {

/// A text file as UTF-8 without byte order mark: UTF-16 in either order (with mark, or recognised by "<" and a zero
/// byte) is converted, everything else taken as UTF-8. Other encodings named inside the text are not looked at.
std::string XmpTextFromBytes(std::span<const uint8_t> bytes);

}  // namespace immich::media
