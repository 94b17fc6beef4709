#pragma once

#include <cstdint>
#include <string>

#include "api/search_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/query_builder.hpp"
#include "server/search/search_query.hpp"

namespace immich::smart_search {

struct NearestPage {
  std::int64_t offset = 0;
  /// One more than the page has, to know whether another follows.
  std::int64_t limit = 0;
};

/// Up to so many candidates are all compared: a walk over the index would cost about as much and find less, because
/// most of what it meets does not pass the filter. Of 200,000 vectors a walk for a third costs 0.76 of comparing them
/// and misses 4 of 100 (./dev bench vectors).
inline constexpr std::int64_t kComparedUpTo = 70'000;
/// A walk meets so many more candidates than are wanted before the best of them are taken; without, a tenth of the
/// nearest is missed where pictures are of kinds with few members (./dev bench vectors).
inline constexpr std::int64_t kWalkReserve = 700;

/// The assets nearest to a vector among those the request's filters leave, by distance, then id; columns as
/// kAssetViewColumns. With `exact` every candidate is compared. Without, the index is walked until enough are found:
/// the result may be short when few of the near ones pass the filters, then the exact one has to be asked.
QueryBuilder BuildNearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                          const std::string& vector, NearestPage page, bool exact);

/// How many candidates the request's filters leave, as the planner of the database guesses.
Task<std::int64_t> EstimateCandidates(pg::Db& db, const search::SearchScope& scope, const api::SmartSearchDto& request);

/// The page by whichever way is right: few candidates are compared, many are looked for in the index, and compared
/// after all when the index does not find enough.
Task<pg::Result> FindNearest(pg::Pool& db, const search::SearchScope& scope, const api::SmartSearchDto& request,
                             const std::string& vector, NearestPage page, std::int64_t compared_up_to = kComparedUpTo);

}  // namespace immich::smart_search
