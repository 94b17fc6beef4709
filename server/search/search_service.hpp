#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "api/search_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/library_cache.hpp"
#include "server/search/search_query.hpp"

namespace immich {
class Access;
}  // namespace immich

namespace immich::search {

/// Searches by facts (facts: timeline-search).
class SearchService {
 public:
  SearchService(pg::Db& db, Access& access, std::shared_ptr<LibraryCache> library)
      : db_(db), access_(access), library_(std::move(library)) {}

  /// JSON of one page (SearchResponseDto), newest first unless asked otherwise. With `filter`, `orderBy` or `cursor`
  /// the next page has a cursor, else a number.
  Task<LibraryCache::Body> Metadata(const AuthContext& auth, api::MetadataSearchDto request);
  Task<api::SearchStatisticsResponseDto> Statistics(const AuthContext& auth, api::StatisticsSearchDto request);
  /// Uniformly chosen, in random order, none twice.
  Task<std::vector<api::AssetResponseDto>> Random(const AuthContext& auth, api::RandomSearchDto request);
  /// Biggest first.
  Task<LibraryCache::Body> LargeAssets(const AuthContext& auth, api::SearchLargeAssets::Input request);

 private:
  Task<std::string> MetadataPage(const AuthContext& auth, const api::MetadataSearchDto& request, QueryBuilder query);
  Task<std::vector<AssetId>> RandomIds(const SearchScope& scope, const api::RandomSearchDto& request);

  pg::Db& db_;
  Access& access_;
  std::shared_ptr<LibraryCache> library_;
};

}  // namespace immich::search
