#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/shared_calls.hpp"
#include "platform/async/task.hpp"
#include "server/core/fact_cache.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
class Row;
}  // namespace immich::pg

namespace immich::assets {

/// What serving an original or a made image needs to know of its asset.
struct ImageFile {
  UserId owner;
  std::string visibility;
  std::string original_path;
  std::string original_file_name;
  bool is_edited = false;
  /// The made image; of an original, its edited form.
  std::optional<std::string> path;
};

/// Finds the files of made images. A client that scrolls asks for many at a time: those that come while a statement is
/// on its way are found together by the next one, so every answer is of after its question. What was found is kept
/// while `feed` tells of changes (docs/adr/0013), unless it is locked.
class ImageLookup {
 public:
  static constexpr std::size_t kMaxKnownBytes = 8 * 1024 * 1024;

  explicit ImageLookup(pg::Db& db, std::shared_ptr<RowFeed> feed = nullptr)
      : db_(db), known_(std::move(feed), kMaxKnownBytes) {}

  /// `kind`: preview, thumbnail, fullsize. Null when there is no such asset.
  Task<std::shared_ptr<const ImageFile>> Find(AssetId id, std::string kind, bool edited);
  /// Null when there is no such asset.
  Task<std::shared_ptr<const ImageFile>> FindOriginal(AssetId id);

 private:
  struct Key {
    AssetId id;
    std::string kind;
    bool edited = false;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  using Found = std::map<Key, std::shared_ptr<const ImageFile>>;

  void KeepFound(RowFeed::Position asked_at, const Found& found);
  void Keep(RowFeed::Position asked_at, std::string known_key, AssetId id,
            const std::shared_ptr<const ImageFile>& file);
  /// Every key is in the answer, with null when there is no such asset.
  Task<std::shared_ptr<const Found>> FindAll(std::vector<Key> keys);

  pg::Db& db_;
  FactCache known_;
  SharedCalls calls_;
  /// Asked for since the last statement was sent.
  std::vector<Key> wanted_;
};

}  // namespace immich::assets
