#include "media/metadata/motion_photo.hpp"

#include <cmath>

namespace immich::media {
namespace {

bool IsSet(const TagSet& tags, std::string_view name) {
  const auto number = tags.NumberOf(name);
  if (number) return *number != 0;
  const auto text = tags.TextOf(name);
  return text && !text->empty() && *text != "0";
}

std::optional<MotionPhoto> Inside(int64_t offset, int64_t length, int64_t file_size) {
  if (offset <= 0 || length <= 0 || length > file_size || offset > file_size - length) return std::nullopt;
  return MotionPhoto{offset, length};
}

/// `length` bytes before the last `padding` bytes.
std::optional<MotionPhoto> AtEnd(int64_t length, int64_t padding, int64_t file_size) {
  if (length <= 0 || padding < 0 || length > file_size || padding > file_size - length) return std::nullopt;
  return Inside(file_size - length - padding, length, file_size);
}

}  // namespace

std::optional<MotionPhoto> FindMotionPhoto(const TagSet& tags, int64_t file_size) {
  if (tags.is_video || (!IsSet(tags, "MotionPhoto") && !IsSet(tags, "MicroVideo"))) return std::nullopt;
  if (const auto& box = tags.heic_motion_video) return Inside(box->offset, box->length, file_size);
  if (const auto& trailer = tags.samsung_trailer_video) return Inside(trailer->offset, trailer->length, file_size);
  for (const ContainerItemTag& item : tags.container_items) {
    if (item.semantic == "MotionPhoto") return AtEnd(item.length, item.padding, file_size);
  }
  const auto offset = tags.NumberOf("MicroVideoOffset");
  if (!offset || !std::isfinite(*offset) || *offset < 1 || *offset > 9e15) return std::nullopt;
  return AtEnd(static_cast<int64_t>(*offset), 0, file_size);
}

}  // namespace immich::media
