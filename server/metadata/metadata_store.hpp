#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/worker/media_protocol.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/reverse_geocoder.hpp"

namespace immich::metadata {

/// An asset as extraction finds it.
struct MetadataSource {
  AssetId id;
  UserId owner;
  bool is_video = false;
  bool is_external = false;
  std::string original_path, file_name;
  TimePoint file_created_at;
  std::optional<LibraryId> library;
  std::optional<AssetId> live_video;
  std::string visibility;
  /// Properties the user changed: description, dateTimeOriginal, latitude, longitude, rating, timeZone, tags.
  std::vector<std::string> locked;
  std::optional<double> latitude, longitude;
  std::vector<std::string> tags;
  /// Empty for none.
  std::string sidecar;

  bool IsLocked(std::string_view property) const { return std::ranges::find(locked, property) != locked.end(); }
};

/// The statements of metadata extraction.
class MetadataStore {
 public:
  explicit MetadataStore(pg::Db& db) : db_(db) {}

  Task<std::optional<MetadataSource>> FindSource(AssetId asset);
  /// Row, dates, size and status of the asset; the tags it has now (the user's own when they are locked), or nullopt
  /// when it is gone.
  Task<std::optional<std::vector<std::string>>> Store(AssetId asset, const media::MetadataReport& report, Place place);
  Task<void> ReplaceTags(AssetId asset, std::vector<TagId> tags);
  Task<void> StoreStreams(AssetId asset, const media::MetadataReport& report);
  /// Replaces the faces that came from the file; ids of people that are new.
  Task<std::vector<PersonId>> ReplaceFaces(const MetadataSource& source,
                                           const std::vector<media::FaceRegionReport>& faces);

 private:
  pg::Db& db_;
};

}  // namespace immich::metadata
