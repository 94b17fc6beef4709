#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/search_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/library_cache.hpp"

namespace immich::search {

/// What there is to search for: places, cameras, cities, names (facts: timeline-search, "Others").
class DiscoveryService {
 public:
  DiscoveryService(pg::Db& db, std::shared_ptr<LibraryCache> library) : db_(db), library_(std::move(library)) {}

  /// JSON array of the distinct values of own and partners' timelines, sorted; null at the end when asked for.
  Task<LibraryCache::Body> Suggestions(const AuthContext& auth, api::GetSearchSuggestions::Input request);
  /// JSON of SearchExploreResponseDto[]: a picture of each of up to twelve cities, and the twelve latest uploads.
  Task<LibraryCache::Body> Explore(const AuthContext& auth);
  /// JSON of AssetResponseDto[]: one picture of each city.
  Task<LibraryCache::Body> Cities(const AuthContext& auth);
  /// Own persons whose name resembles `name`, best first.
  Task<std::vector<api::PersonResponseDto>> Persons(const AuthContext& auth, std::string name, bool with_hidden);
  Task<std::vector<api::PlacesResponseDto>> Places(std::string name);

 private:
  Task<std::vector<UserId>> OwnersInTimeline(const AuthContext& auth);
  Task<std::string> WriteExplore(const AuthContext& auth);

  pg::Db& db_;
  std::shared_ptr<LibraryCache> library_;
};

}  // namespace immich::search
