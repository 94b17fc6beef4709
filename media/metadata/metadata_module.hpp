#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>

#include "media/failure.hpp"
#include "media/metadata/sidecar_changes.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

inline constexpr const char* kMetadataModuleName = "immich_media_exif";
inline constexpr const char* kMetadataModuleEntry = "immich_media_metadata_module";

/// What `libimmich_media_exif.so` offers: everything that needs Exiv2.
struct MetadataModule {
  std::expected<TagSet, Failure> (*read_picture)(const std::string& path);
  std::expected<TagSet, Failure> (*read_sidecar)(const std::string& path);
  std::expected<std::string, Failure> (*update_sidecar)(std::span<const uint8_t> existing,
                                                        const SidecarChanges& changes);
  std::string (*panorama_packet)(const std::string& path);
};

}  // namespace immich::media

extern "C" const immich::media::MetadataModule* immich_media_metadata_module();
