#pragma once

#include <expected>
#include <string>

#include "media/failure.hpp"
#include "media/image/planar_image.hpp"
#include "media/video/video_probe.hpp"

namespace immich::media {

inline constexpr const char* kVideoModuleName = "immich_media_av";
inline constexpr const char* kVideoModuleEntry = "immich_media_video_module";

/// What `libimmich_media_av.so` offers: everything that needs FFmpeg's demuxers and decoders (26 MB when loaded).
struct VideoModule {
  std::expected<VideoProbe, Failure> (*probe)(const std::string& path, const ProbeOptions& options);
  std::expected<PlanarImage, Failure> (*decode_still)(const std::string& path, int shorter_edge_px);
};

}  // namespace immich::media

extern "C" const immich::media::VideoModule* immich_media_video_module();
