#pragma once

#include <optional>
#include <string>

#include "media/metadata/media_metadata.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

struct MetadataInputs {
  std::string extension;  ///< of the original, with the dot
  TagSet media;
  std::optional<TagSet> sidecar;
  std::optional<VideoFacts> video;  ///< when a prober ran (videos and .gif)
  FileFacts file;
  std::optional<TimePoint> fallback_date;  ///< fileCreatedAt of the row
};

/// Turns tags into columns. The order of sources is: sidecar over prober over the file itself; a sidecar with any date
/// takes the dates and the zone of the file out of the game.
MediaMetadata DecideMetadata(const MetadataInputs& inputs);

}  // namespace immich::media
