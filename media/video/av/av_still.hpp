#pragma once

#include <expected>
#include <string>

#include "media/failure.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// The frame that stands for a video, upright, in sRGB, with a shorter edge of at most `shorter_edge_px` (0: native).
std::expected<PlanarImage, Failure> DecodeStillFrame(const std::string& path, int shorter_edge_px);

}  // namespace immich::media
