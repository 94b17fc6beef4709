#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "media/image/image_geometry.hpp"

namespace immich::media {

/// Width and height from the first bytes of a JPEG XL codestream (signature FF 0A, then the size header of
/// ISO/IEC 18181-1). nullopt when the bytes are too few or no codestream.
std::optional<ImageSize> JxlCodestreamSize(std::span<const uint8_t> codestream);

}  // namespace immich::media
