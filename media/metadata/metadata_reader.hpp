#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "media/failure.hpp"
#include "media/metadata/media_metadata.hpp"
#include "media/metadata/sidecar_changes.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

struct MetadataRequest {
  std::string path;                         ///< original, absolute
  std::optional<std::string> sidecar_path;  ///< XMP file; unreadable ones are ignored
  std::optional<VideoFacts> video;          ///< for videos and .gif, from the prober
  std::optional<TagSet> container_tags;     ///< tags the prober read from a video container
  std::optional<TimePoint> fallback_date;   ///< fileCreatedAt of the row
  bool allow_exiftool = true;               ///< ask ExifTool about what we cannot read
};

/// Reads everything asset_exif and its neighbours hold. A file without readable tags still gives its size and times.
/// Fails only with kNotFound, or kInternal when the reading module is not there. Blocking: 0.2 to 4 ms for pictures,
/// about 70 ms when ExifTool is asked.
std::expected<MediaMetadata, Failure> ReadMetadata(const MetadataRequest& request);

/// New content of an XMP sidecar; see SidecarChanges. `existing` is the present file, empty for a new one.
std::expected<std::string, Failure> UpdateSidecar(std::span<const uint8_t> existing, const SidecarChanges& changes);

/// XMP packet with the panorama tags of a file for RenderRequest::xmp; empty when it has none.
std::string PanoramaPacket(const std::string& path);

}  // namespace immich::media
