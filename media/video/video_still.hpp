#pragma once

#include <expected>
#include <string>

#include "media/failure.hpp"
#include "media/image/image_renderer.hpp"

namespace immich::media {

struct VideoStillRequest {
  std::string path;
  RenditionSpec preview{.format = ImageFormat::kJpeg, .size_px = 1440};
  RenditionSpec thumbnail{.format = ImageFormat::kWebp, .size_px = 250};
};

/// Preview, thumbnail and thumbhash of a video or animated GIF: one frame, upright, tone-mapped to sRGB when the video
/// is HDR. The frame is the first one behind a change of scene, at the latest one from second 21, at the earliest the
/// most typical of the first second; only key frames are decoded. The longer edge is even.
std::expected<RenderResult, Failure> RenderVideoStill(const VideoStillRequest& request);

}  // namespace immich::media
