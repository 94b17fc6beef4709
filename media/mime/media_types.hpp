#pragma once

#include <span>
#include <string_view>

namespace immich::media {

enum class MediaKind { kImage, kVideo, kSidecar };

/// One accepted file extension. The order of the table is the order of GET /server/media-types.
struct MediaType {
  std::string_view extension;  ///< lower case with the dot: ".jpg"
  std::string_view mime_type;  ///< what clients see as `originalMimeType`
  MediaKind kind = MediaKind::kImage;
  bool is_raw = false;                ///< camera raw (and .psd): needs a developed or embedded picture
  bool is_web_viewable = false;       ///< every browser shows the original
  bool is_possibly_animated = false;  ///< a duration in the metadata is meant (others: dropped)
  bool is_heif_family = false;        ///< orientation comes from `irot`, EXIF Orientation is ignored
  bool is_profile_image = false;      ///< accepted as a user's profile picture
};

/// All accepted types: images (web-viewable, raw, other), then videos, then sidecars; each group in contract order.
std::span<const MediaType> AllMediaTypes();

/// The type of `extension` (".JPG", any case) or nullptr when it is not accepted.
const MediaType* FindMediaTypeByExtension(std::string_view extension);

/// Extension of the last path component with its dot and original case; empty when there is none.
/// A leading dot alone (".hidden") is not an extension.
std::string_view FileExtension(std::string_view path);

/// FindMediaTypeByExtension(FileExtension(path)).
const MediaType* FindMediaTypeByPath(std::string_view path);

/// MIME type for a path; "application/octet-stream" when unknown.
std::string_view MimeTypeOfPath(std::string_view path);

/// ".jpg" for "image/jpeg", ".webp" for "image/webp"...: the first table entry with this MIME type; empty when unknown.
std::string_view ExtensionOfMimeType(std::string_view mime_type);

/// True for paths the thumbnail and metadata code treat with the video rules: videos and `.gif`.
bool UsesVideoStills(std::string_view path);

}  // namespace immich::media
