#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "media/failure.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Tags of any file as ExifTool sees them. Starts `exiftool -stay_open` when needed; see ExifToolPool. Fails with
/// kInternal when there is no ExifTool, kTimeout after two minutes, kUnsupported when it knows nothing about the file.
/// `is_video` also reads streams embedded in the container (-ee).
std::expected<TagSet, Failure> ReadTagsWithExifTool(const std::string& path, bool is_video);

/// The JSON ExifTool prints for one file (-json -struct) as tags. Fails with kCorrupt when it is none.
std::expected<TagSet, Failure> TagsFromExifToolJson(std::string_view json);

}  // namespace immich::media
