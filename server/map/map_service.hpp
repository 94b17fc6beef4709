#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "api/map_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/library_cache.hpp"
#include "server/core/query_builder.hpp"
#include "server/core/reverse_geocoder.hpp"

namespace immich::map {

/// Where assets were taken (facts: timeline-search, map markers).
class MapService {
 public:
  MapService(pg::Db& db, std::shared_ptr<LibraryCache> library)
      : db_(db), library_(std::move(library)), geocoder_(db) {}

  /// JSON of MapMarkerResponseDto[], newest first.
  Task<LibraryCache::Body> Markers(const AuthContext& auth, api::GetMapMarkers::Input request);
  /// One item, or none far from everything. Throws BadRequest for coordinates out of range.
  Task<std::vector<api::MapReverseGeocodeResponseDto>> ReverseGeocode(double latitude, double longitude);

 private:
  pg::Db& db_;
  std::shared_ptr<LibraryCache> library_;
  ReverseGeocoder geocoder_;
};

/// `partners`: whose timelines are shown beside the caller's.
QueryBuilder BuildMarkers(UserId user, const std::vector<UserId>& partners, const api::GetMapMarkers::Input& request);

}  // namespace immich::map
