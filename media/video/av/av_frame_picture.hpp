#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/planar_image.hpp"
#include "media/video/still_picker.hpp"

extern "C" {
struct AVFrame;
}

namespace immich::media {

/// A decoded frame as sRGB planes of size `target`: range and matrix are normalised, HDR is mapped to SDR. Rotation is
/// not applied.
std::expected<PlanarImage, Failure> FramePicture(const AVFrame* frame, ImageSize target);

/// A frame reduced to 64×36 RGB pixels for StillPicker.
FrameDigest DigestOf(const AVFrame* frame);

}  // namespace immich::media
