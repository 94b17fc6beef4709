#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/crypto/digest.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/ids.hpp"
#include "server/core/path_template.hpp"
#include "server/core/storage_paths.hpp"

namespace immich::storage_template {

/// An asset as its place in the library is decided.
struct TemplateAsset {
  AssetId id;
  UserId owner;
  bool is_video = false;
  bool is_external = false;
  std::string original_path;
  std::string file_name;
  TimePoint created_at;
  std::optional<crypto::Sha1Digest> sha1;
  std::optional<AssetId> live_video;
  /// The still this is the moving part of.
  std::optional<AssetId> still;
  std::string storage_label, make, model, lens_model;
  std::optional<std::int64_t> size_bytes;
  std::optional<std::string> sidecar_path;
  std::optional<std::string> album_name;
  std::optional<TimePoint> album_start, album_end;
};

/// `jpg` for `x.JPEG`: lower case, with the documented synonyms.
std::string LibraryExtension(std::string_view path);

/// Path below the user's library folder without extension, or nullopt when the template leads out of that folder or to
/// nothing. Throws BadRequest for a template with a variable that is not defined here (facts: storage-template).
std::optional<std::string> LibraryPath(const PathTemplate& path_template, const TemplateAsset& asset,
                                       const StoragePaths& paths);

/// The moving part's own names and the still's rest: both end up side by side.
TemplateAsset AsPartOf(const TemplateAsset& video, const TemplateAsset& still);

/// True when `current` is `base` with at most a `+N` before the extension: it is where it should be.
bool IsNumberedVariant(std::string_view current, std::string_view base, std::string_view extension);

}  // namespace immich::storage_template
