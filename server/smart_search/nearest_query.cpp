#include "server/smart_search/nearest_query.hpp"

#include <fmt/format.h>

#include "server/core/asset_view.hpp"

namespace immich::smart_search {

QueryBuilder BuildNearest(const search::SearchScope& scope, const api::SmartSearchDto& request,
                          const std::string& vector, NearestPage page, bool exact) {
  QueryBuilder query;
  const std::string target = fmt::format("({}::text)::vector", query.Bind(vector));
  query.Sql("WITH nearest AS MATERIALIZED (\nSELECT a.id, s.embedding <=> ").Sql(target);
  query.Sql(R"( AS distance
FROM asset a
JOIN smart_search s ON s."assetId" = a.id
LEFT JOIN asset_exif e ON e."assetId" = a.id)");
  search::AppendSearchConditions(query, scope, request);
  // The sum is not what the index sorts by, so that every candidate is compared.
  query.Sql(exact ? fmt::format("\nORDER BY (s.embedding <=> {}) + 0", target) : "\nORDER BY distance");
  query.Sql(fmt::format("\nLIMIT {}\n)\nSELECT ", query.Bind(page.offset + page.limit)));
  query.Sql(kAssetViewColumns).Sql(R"(
FROM nearest
JOIN asset a ON a.id = nearest.id
LEFT JOIN asset_exif e ON e."assetId" = a.id
ORDER BY nearest.distance, a.id)");
  query.Sql(fmt::format("\nOFFSET {} LIMIT {}", query.Bind(page.offset), query.Bind(page.limit)));
  return query;
}

}  // namespace immich::smart_search
