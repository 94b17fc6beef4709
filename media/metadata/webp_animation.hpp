#pragma once

#include <optional>

#include "media/metadata/positioned_file.hpp"

namespace immich::media {

/// Seconds one pass of an animated WebP takes: the sum of the durations of its frames. nullopt for still pictures and
/// other files. Only chunk headers are read; sizes in the file are never trusted.
std::optional<double> WebpAnimationSeconds(const PositionedFile& file);

}  // namespace immich::media
