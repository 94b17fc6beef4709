#pragma once

#include <cstdint>
#include <string>

#include "api/search_types.hpp"
#include "server/core/query_builder.hpp"
#include "server/search/search_query.hpp"

namespace immich::smart_search {

struct NearestPage {
  std::int64_t offset = 0;
  /// One more than the page has, to know whether another follows.
  std::int64_t limit = 0;
};

/// The assets nearest to a vector among those the request's filters leave, by distance, then id; columns as
/// kAssetViewColumns. With `exact` every candidate is compared. Without, the index is walked until enough are found:
/// the result may be short when few of the near ones pass the filters, then the exact one has to be asked.
QueryBuilder BuildNearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                          const std::string& vector, NearestPage page, bool exact);

}  // namespace immich::smart_search
