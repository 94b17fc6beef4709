#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace immich::media {

/// Longest edge a picture may have for ThumbHashFromRgba.
inline constexpr int kThumbHashMaxEdgePx = 100;

/// ThumbHash of a picture: 5 to 37 bytes that hold its average colour and the first terms of a DCT, for the blurred
/// placeholder clients paint before the thumbnail arrives. Bit-compatible with npm `thumbhash` 0.1.1.
///
/// `rgba` holds width*height*4 bytes, rows top down, alpha not premultiplied. Width and height are 1..100; anything
/// else, or a buffer of another size, gives an empty result.
std::vector<uint8_t> ThumbHashFromRgba(int width, int height, std::span<const uint8_t> rgba);

}  // namespace immich::media
