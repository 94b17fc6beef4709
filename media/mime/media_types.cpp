#include "media/mime/media_types.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace immich::media {
namespace {

consteval MediaType Web(std::string_view extension, std::string_view mime_type) {
  return {.extension = extension, .mime_type = mime_type, .is_web_viewable = true};
}

consteval MediaType Raw(std::string_view extension, std::string_view mime_type) {
  return {.extension = extension, .mime_type = mime_type, .is_raw = true};
}

consteval MediaType Still(std::string_view extension, std::string_view mime_type) {
  return {.extension = extension, .mime_type = mime_type};
}

consteval MediaType Video(std::string_view extension, std::string_view mime_type) {
  return {.extension = extension, .mime_type = mime_type, .kind = MediaKind::kVideo};
}

constexpr auto kPossiblyAnimated =
    std::to_array<std::string_view>({".avif", ".gif", ".heic", ".heif", ".jxl", ".png", ".webp"});
constexpr auto kHeifFamily = std::to_array<std::string_view>({".avif", ".heic", ".heif", ".hif"});
constexpr auto kProfileImages =
    std::to_array<std::string_view>({".avif", ".dng", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".webp", ".svg"});

constexpr bool Contains(const auto& list, std::string_view extension) {
  return std::ranges::find(list, extension) != list.end();
}

consteval auto BuildTable() {
  auto table = std::to_array<MediaType>({
      Web(".avif", "image/avif"),
      Web(".bmp", "image/bmp"),
      Web(".gif", "image/gif"),
      Web(".jpeg", "image/jpeg"),
      Web(".jpg", "image/jpeg"),
      Web(".png", "image/png"),
      Web(".webp", "image/webp"),
      Raw(".3fr", "image/3fr"),
      Raw(".ari", "image/ari"),
      Raw(".arw", "image/arw"),
      Raw(".cap", "image/cap"),
      Raw(".cin", "image/cin"),
      Raw(".cr2", "image/cr2"),
      Raw(".cr3", "image/cr3"),
      Raw(".crw", "image/crw"),
      Raw(".dcr", "image/dcr"),
      Raw(".dng", "image/dng"),
      Raw(".erf", "image/erf"),
      Raw(".fff", "image/fff"),
      Raw(".iiq", "image/iiq"),
      Raw(".k25", "image/k25"),
      Raw(".kdc", "image/kdc"),
      Raw(".mrw", "image/mrw"),
      Raw(".nef", "image/nef"),
      Raw(".nrw", "image/nrw"),
      Raw(".orf", "image/orf"),
      Raw(".ori", "image/ori"),
      Raw(".pef", "image/pef"),
      Raw(".psd", "image/psd"),
      Raw(".raf", "image/raf"),
      Raw(".raw", "image/raw"),
      Raw(".rw2", "image/rw2"),
      Raw(".rwl", "image/rwl"),
      Raw(".sr2", "image/sr2"),
      Raw(".srf", "image/srf"),
      Raw(".srw", "image/srw"),
      Raw(".x3f", "image/x3f"),
      Still(".heic", "image/heic"),
      Still(".heif", "image/heif"),
      Still(".hif", "image/hif"),
      Still(".insp", "image/jpeg"),
      Still(".jp2", "image/jp2"),
      Still(".jpe", "image/jpeg"),
      Still(".jxl", "image/jxl"),
      Still(".mpo", "image/jpeg"),
      Still(".svg", "image/svg"),
      Still(".tif", "image/tiff"),
      Still(".tiff", "image/tiff"),
      Video(".3gp", "video/3gpp"),
      Video(".3gpp", "video/3gpp"),
      Video(".avi", "video/avi"),
      Video(".flv", "video/x-flv"),
      Video(".insv", "video/mp4"),
      Video(".m2t", "video/mp2t"),
      Video(".m2ts", "video/mp2t"),
      Video(".m4v", "video/x-m4v"),
      Video(".mkv", "video/x-matroska"),
      Video(".mov", "video/quicktime"),
      Video(".mp4", "video/mp4"),
      Video(".mpe", "video/mpeg"),
      Video(".mpeg", "video/mpeg"),
      Video(".mpg", "video/mpeg"),
      Video(".mts", "video/mp2t"),
      Video(".mxf", "application/mxf"),
      Video(".ts", "video/mp2t"),
      Video(".vob", "video/mpeg"),
      Video(".webm", "video/webm"),
      Video(".wmv", "video/x-ms-wmv"),
      MediaType{.extension = ".xmp", .mime_type = "application/xml", .kind = MediaKind::kSidecar},
  });
  for (MediaType& type : table) {
    type.is_possibly_animated = Contains(kPossiblyAnimated, type.extension);
    type.is_heif_family = Contains(kHeifFamily, type.extension);
    type.is_profile_image = Contains(kProfileImages, type.extension);
  }
  return table;
}

constexpr auto kTypes = BuildTable();
constexpr size_t kLongestExtension = 5;

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::span<const MediaType> AllMediaTypes() {
  return kTypes;
}

const MediaType* FindMediaTypeByExtension(std::string_view extension) {
  if (extension.size() < 2 || extension.size() > kLongestExtension) return nullptr;
  std::string lowered(extension);
  std::ranges::transform(lowered, lowered.begin(), LowerAscii);
  const auto found = std::ranges::find(kTypes, std::string_view(lowered), &MediaType::extension);
  return found == kTypes.end() ? nullptr : &*found;
}

std::string_view FileExtension(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return name.substr(dot);
}

const MediaType* FindMediaTypeByPath(std::string_view path) {
  return FindMediaTypeByExtension(FileExtension(path));
}

std::string_view MimeTypeOfPath(std::string_view path) {
  const MediaType* type = FindMediaTypeByPath(path);
  return type == nullptr ? std::string_view("application/octet-stream") : type->mime_type;
}

std::string_view ExtensionOfMimeType(std::string_view mime_type) {
  if (mime_type == "image/jpeg") return ".jpg";
  if (mime_type == "video/mp4") return ".mp4";
  const auto found = std::ranges::find(kTypes, mime_type, &MediaType::mime_type);
  return found == kTypes.end() ? std::string_view() : found->extension;
}

bool UsesVideoStills(std::string_view path) {
  const MediaType* type = FindMediaTypeByPath(path);
  return type != nullptr && (type->kind == MediaKind::kVideo || type->extension == ".gif");
}

}  // namespace immich::media
