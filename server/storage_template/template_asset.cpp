#include "server/storage_template/template_asset.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "media/mime/media_types.hpp"
#include "platform/fs/file_name.hpp"

namespace immich::storage_template {

namespace {

std::string WithoutExtension(std::string_view name) {
  return std::string(name.substr(0, name.size() - media::FileExtension(name).size()));
}

std::string AlbumFolder(std::string name) {
  std::erase(name, '.');
  return fs::SanitizeFileName(name);
}

TemplateValues ValuesOf(const TemplateAsset& asset) {
  const std::string id = asset.id.ToString();
  TemplateValues values;
  values["filename"] = fs::SanitizeFileName(WithoutExtension(asset.file_name));
  values["ext"] = LibraryExtension(asset.original_path);
  values["filetype"] = asset.is_video ? "VID" : "IMG";
  values["filetypefull"] = asset.is_video ? "VIDEO" : "IMAGE";
  values["assetId"] = id;
  values["assetIdShort"] = id.substr(id.size() - 12);
  values["album"] = asset.album_name ? AlbumFolder(*asset.album_name) : "";
  values["make"] = asset.make;
  values["model"] = asset.model;
  values["lensModel"] = asset.lens_model;
  AddDateValues(values, asset.created_at);
  if (asset.album_start) AddDateValues(values, *asset.album_start, "album-startDate-");
  if (asset.album_end) AddDateValues(values, *asset.album_end, "album-endDate-");
  return values;
}

}  // namespace

std::string LibraryExtension(std::string_view path) {
  std::string extension(media::FileExtension(path));
  std::erase(extension, '.');
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSynonyms = {{{"jpeg", "jpg"},
                                                                                       {"jpe", "jpg"},
                                                                                       {"tif", "tiff"},
                                                                                       {"3gpp", "3gp"},
                                                                                       {"mpeg", "mpg"},
                                                                                       {"mpe", "mpg"},
                                                                                       {"m2ts", "mts"},
                                                                                       {"m2t", "mts"}}};
  for (const auto& [from, to] : kSynonyms) {
    if (extension == from) return std::string(to);
  }
  return extension;
}

std::optional<std::string> LibraryPath(const PathTemplate& path_template, const TemplateAsset& asset,
                                       const StoragePaths& paths) {
  const std::string root = paths.LibraryRoot(asset.owner, asset.storage_label);
  const std::string rendered = path_template.Render(ValuesOf(asset));
  if (rendered.empty() || rendered.ends_with('/')) return std::nullopt;
  std::string path = fs::NormalizePath(root + "/" + rendered);
  if (!fs::IsInside(root, path) || path == fs::NormalizePath(root)) return std::nullopt;
  return path;
}

TemplateAsset AsPartOf(const TemplateAsset& video, const TemplateAsset& still) {
  TemplateAsset part = video;
  part.file_name = WithoutExtension(still.file_name) + std::string(media::FileExtension(video.original_path));
  part.created_at = still.created_at;
  part.make = still.make;
  part.model = still.model;
  part.lens_model = still.lens_model;
  part.album_name = still.album_name;
  part.album_start = still.album_start;
  part.album_end = still.album_end;
  return part;
}

bool IsNumberedVariant(std::string_view current, std::string_view base, std::string_view extension) {
  const std::string ending = "." + std::string(extension);
  if (!current.starts_with(base)) return false;
  current.remove_prefix(base.size());
  if (!current.ends_with(ending)) return false;
  current.remove_suffix(ending.size());
  if (current.empty()) return true;
  if (current.size() < 2 || current.front() != '+') return false;
  return std::ranges::all_of(current.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace immich::storage_template
