#pragma once

#include <expected>
#include <string>

#include "media/failure.hpp"
#include "media/video/video_probe.hpp"

namespace immich::media {

/// ProbeVideo, inside the module.
std::expected<VideoProbe, Failure> ProbeWithAv(const std::string& path, const ProbeOptions& options);

}  // namespace immich::media
