#pragma once

#include <expected>
#include <string>

#include "media/failure.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Tags of a picture. HEIF, AVIF and JPEG XL are taken apart by our own box reader, everything else by Exiv2. Fails
/// with kNotFound, or kUnsupported when Exiv2 does not know the format (ExifTool may).
std::expected<TagSet, Failure> ReadPictureTags(const std::string& path);

/// Tags of an XMP sidecar in UTF-8 or UTF-16. Fails with kNotFound or kCorrupt.
std::expected<TagSet, Failure> ReadSidecarTags(const std::string& path);

/// The panorama properties (XMP GPano) of a picture as an XMP packet; empty when it has none.
std::string ReadPanoramaPacket(const std::string& path);

}  // namespace immich::media
