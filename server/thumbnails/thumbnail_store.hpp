#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich::thumbnails {

/// An asset as a thumbnail job sees it.
struct ThumbnailSource {
  UserId owner;
  bool is_video_asset = false;
  std::string original_path;
  /// `timeline`, `archive`, `hidden`, `locked`.
  std::string visibility;
  std::optional<std::string> colorspace, profile_description, projection_type;
  std::optional<int> bits_per_sample;
  /// {action, parameters as JSON} in the order they apply.
  std::vector<std::pair<std::string, std::string>> edits;
};

/// A row of asset_file.
struct StoredRendition {
  std::string type;
  std::string path;
  bool is_edited = false;
  bool is_progressive = false;
  bool is_transparent = false;
};

struct StoredThumbnails {
  std::vector<std::uint8_t> thumbhash;
  /// Of edited assets.
  std::optional<int> width, height;
  std::vector<StoredRendition> renditions;
};

class ThumbnailStore {
 public:
  explicit ThumbnailStore(pg::Db& db) : db_(db) {}

  Task<std::optional<ThumbnailSource>> FindSource(AssetId asset);
  /// Replaces the renditions; the paths nothing refers to any more, or nullopt when the asset is gone.
  Task<std::optional<std::vector<std::string>>> Replace(AssetId asset, StoredThumbnails thumbnails);

 private:
  pg::Db& db_;
};

}  // namespace immich::thumbnails
