#include "server/smart_search/nearest_query.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "server/core/asset_view.hpp"
#include "server/core/vector_walk.hpp"

namespace immich::smart_search {

namespace {

constexpr std::string_view kSources = R"(
FROM asset a
JOIN smart_search s ON s."assetId" = a.id
LEFT JOIN asset_exif e ON e."assetId" = a.id)";

}  // namespace

QueryBuilder BuildNearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                          const std::string& vector, NearestPage page, bool exact) {
  QueryBuilder query;
  const std::string target = fmt::format("({}::text)::vector", query.Bind(vector));
  query.Sql("WITH candidates AS MATERIALIZED (\nSELECT a.id, s.embedding <=> ").Sql(target);
  query.Sql(" AS distance").Sql(kSources);
  search::AppendSearchConditions(query, scope, request);
  // The sum is not what the index sorts by, so that every candidate is compared.
  query.Sql(exact ? fmt::format("\nORDER BY (s.embedding <=> {}) + 0", target) : "\nORDER BY distance");
  query.Sql(fmt::format("\nLIMIT {}", query.Bind(page.offset + page.limit + (exact ? 0 : kWalkReserve))));
  query.Sql(
      fmt::format("\n), nearest AS (\nSELECT id, distance FROM candidates ORDER BY distance, id\nOFFSET {} LIMIT {}",
                  query.Bind(page.offset), query.Bind(page.limit)));
  query.Sql("\n)\nSELECT ").Sql(kAssetViewColumns).Sql(R"(
FROM nearest
JOIN asset a ON a.id = nearest.id
LEFT JOIN asset_exif e ON e."assetId" = a.id
ORDER BY nearest.distance, a.id)");
  return query;
}

Task<std::int64_t> EstimateCandidates(pg::Db& db, const search::SearchScope& scope,
                                      const api::SmartSearchDto& request) {
  QueryBuilder query;
  query.Sql("EXPLAIN SELECT").Sql(kSources);
  search::AppendSearchConditions(query, scope, request);
  const pg::Result plan = co_await db.RunDynamic(query.TakeText(), query.TakeParams());
  constexpr std::string_view kRows = " rows=";
  const std::string_view top = plan.empty() ? std::string_view() : plan[0].Get<std::string_view>(0);
  const std::size_t at = top.find(kRows);
  std::int64_t rows = 0;
  if (at != std::string_view::npos) std::from_chars(top.data() + at + kRows.size(), top.data() + top.size(), rows);
  co_return rows;
}

Task<pg::Result> FindNearest(pg::Pool& db, const search::SearchScope& scope, const api::SmartSearchDto& request,
                             const std::string& vector, NearestPage page, std::int64_t compared_up_to) {
  pg::Result rows;
  if (co_await EstimateCandidates(db, scope, request) > compared_up_to) {
    co_await db.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      co_await tx.RunDynamic(VectorWalkSettings(page.offset + page.limit));
      QueryBuilder walk = BuildNearest(scope, request, vector, page, false);
      rows = co_await tx.RunDynamic(walk.TakeText(), walk.TakeParams());
    });
    if (rows.size() >= static_cast<std::size_t>(page.limit)) co_return rows;
  }
  QueryBuilder query = BuildNearest(scope, request, vector, page, true);
  co_return co_await db.RunDynamic(query.TakeText(), query.TakeParams());
}

}  // namespace immich::smart_search
