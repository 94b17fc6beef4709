#pragma once

#include <cstdint>
#include <vector>

#include "media/image/color/color_rule.hpp"
#include "media/image/color/ycc_encoding.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// Rewrites 8-bit planes with another matrix or range as full-range BT.601. Nothing happens when they are that already.
void NormaliseYcc(PlanarImage& image, const YccEncoding& encoding);

/// One channel with more than 8 bits, already at its final size.
struct DeepPlane {
  ImageSize size;
  std::vector<uint16_t> samples;  ///< size.width * size.height
};

/// Resizes a plane of little-endian 16-bit words that use `bits` (9..16) low bits. An empty plane on failure.
DeepPlane ScaleDeepPlane(const uint8_t* rows, int stride_bytes, ImageSize source, int bits, ImageSize target);

/// Three planes of the same size as 8-bit full-range BT.601.
struct DeepPicture {
  DeepPlane y, cb, cr;
  YccEncoding encoding;
};

/// SDR pictures keep their RGB space. PQ and HLG pictures are mapped to SDR (white at 203 cd/m², highlights up to
/// 1000 cd/m² compressed by the curve of BT.2390) and come out in `target`.
PlanarImage ToEightBit(const DeepPicture& picture, ColorProfile target);

}  // namespace immich::media
