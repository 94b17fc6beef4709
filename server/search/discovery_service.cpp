#include "server/search/discovery_service.hpp"

#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/query_builder.hpp"
#include "slice_search_sql.hpp"

namespace immich::search {

namespace {

std::string_view ColumnOf(api::SearchSuggestionType type) {
  switch (type) {
    case api::SearchSuggestionType::kCountry:
      return "e.country";
    case api::SearchSuggestionType::kState:
      return "e.state";
    case api::SearchSuggestionType::kCity:
      return "e.city";
    case api::SearchSuggestionType::kCameraMake:
      return "e.make";
    case api::SearchSuggestionType::kCameraModel:
      return "e.model";
    case api::SearchSuggestionType::kCameraLensModel:
      return R"(e."lensModel")";
    case api::SearchSuggestionType::kObject:
      return "o.label";
  }
  throw InternalError("suggestion without a column");
}

QueryBuilder BuildSuggestions(const api::GetSearchSuggestions::Input& request, const std::vector<UserId>& owners) {
  const std::string_view column = ColumnOf(request.type);
  const bool is_object = request.type == api::SearchSuggestionType::kObject;
  QueryBuilder query;
  if (is_object) query.NoteElsewhere();
  query.Sql(fmt::format(R"(SELECT DISTINCT {}::text AS value
FROM asset a
JOIN asset_exif e ON e."assetId" = a.id{}
WHERE a."ownerId" = ANY({}::uuid[])
  AND a.visibility = 'timeline'
  AND a."deletedAt" IS NULL
  AND {} <> '')",
                        column, is_object ? R"( JOIN plus.asset_object o ON o."assetId" = a.id)" : "",
                        query.Bind(owners), column));
  const auto equals = [&query](std::string_view name, const std::optional<std::string>& value) {
    if (value) query.And(fmt::format("{} = {}", name, query.Bind(*value)));
  };
  equals("e.country", request.country);
  equals("e.state", request.state);
  equals("e.make", request.make);
  equals("e.model", request.model);
  equals(R"(e."lensModel")", request.lens_model);
  query.Sql("\nORDER BY value");
  return query;
}

/// $1 owners; the newest picture of each city, by city.
std::string CitiesStatement() {
  return fmt::format(R"(SELECT DISTINCT ON (e.city) {}
FROM asset a
JOIN asset_exif e ON e."assetId" = a.id
WHERE a."ownerId" = ANY($1::uuid[])
  AND a.visibility = 'timeline' AND a.type = 'IMAGE' AND a."deletedAt" IS NULL AND e.city <> ''
ORDER BY e.city, a."fileCreatedAt" DESC)",
                     kAssetViewColumns);
}

}  // namespace

Task<std::vector<UserId>> DiscoveryService::OwnersInTimeline(const AuthContext& auth) {
  std::vector<UserId> owners{auth.user.id};
  pg::Params params{auth.user.id};
  for (const pg::Row row : co_await db_.Run(sql::kSearchPartnerList, std::move(params))) {
    owners.push_back(row.Get<UserId>(0));
  }
  co_return owners;
}

Task<LibraryCache::Body> DiscoveryService::Suggestions(const AuthContext& auth,
                                                       api::GetSearchSuggestions::Input request) {
  std::vector<UserId> owners = co_await OwnersInTimeline(auth);
  const bool with_null = request.include_null.value_or(false);
  QueryBuilder query = BuildSuggestions(request, owners);
  const auto write = [with_null](const pg::Result& rows) {
    std::string out = "[";
    for (const pg::Row row : rows) {
      json::AppendString(out, row.Get<std::string_view>(0));
      out += ',';
    }
    if (with_null) out += "null,";
    json::EndArray(out);
    return out;
  };
  if (query.reads_elsewhere()) {
    co_return std::make_shared<const http::KeptBody>(
        write(co_await db_.RunDynamic(query.TakeText(), query.TakeParams())));
  }
  std::string kind = with_null ? "suggestions and null" : "suggestions";
  co_return co_await library_->Get(kind, std::move(query), std::move(owners), write);
}

Task<LibraryCache::Body> DiscoveryService::Explore(const AuthContext& auth) {
  // Which cities count depends on everybody's assets.
  std::vector<UserId> owners;
  for (const pg::Row row : co_await db_.Run(sql::kSearchUserList)) owners.push_back(row.Get<UserId>(0));
  std::string key = "explore " + auth.user.id.ToString();
  const auto compute = [this, &auth]() -> Task<std::string> { co_return co_await WriteExplore(auth); };
  co_return co_await library_->Get(std::move(key), std::move(owners), compute);
}

Task<std::string> DiscoveryService::WriteExplore(const AuthContext& auth) {
  std::vector<AssetId> ids;
  std::vector<std::string> cities;
  pg::Params params{auth.user.id};
  for (const pg::Row row : co_await db_.Run(sql::kExploreCityList, std::move(params))) {
    ids.push_back(row.Get<AssetId>(0));
    cities.push_back(row.Get<std::string>(1));
  }
  pg::Params recent{auth.user.id};
  for (const pg::Row row : co_await db_.Run(sql::kExploreRecentList, std::move(recent)))
    ids.push_back(row.Get<AssetId>(0));
  std::vector<api::AssetResponseDto> views = co_await LoadAssetViews(db_, auth, ids, AssetViewOptions{});
  std::vector<api::SearchExploreResponseDto> groups(2);
  groups[0].field_name = "exifInfo.city";
  groups[1].field_name = "createdAt";
  // Views come in the order of the ids; what was deleted in between is missing.
  auto view = views.begin();
  for (std::size_t i = 0; i < ids.size() && view != views.end(); ++i) {
    if (view->id != ids[i].value) continue;
    const bool is_city = i < cities.size();
    api::SearchExploreItem& item = groups[is_city ? 0 : 1].items.emplace_back();
    item.value = is_city ? cities[i] : ToIsoString(view->created_at);
    item.data = std::move(*view++);
  }
  co_return api::ToJson(groups);
}

Task<LibraryCache::Body> DiscoveryService::Cities(const AuthContext& auth) {
  std::vector<UserId> owners = co_await OwnersInTimeline(auth);
  pg::Params params{owners};
  std::string key = "cities " + auth.user.id.ToString() + std::string(params.values()[0].data);
  const auto compute = [this, &auth, &params]() -> Task<std::string> {
    const pg::Result rows = co_await db_.RunDynamic(CitiesStatement(), std::move(params));
    std::vector<api::AssetResponseDto> assets(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) ReadAssetView(rows[i], 0, auth, true, assets[i]);
    co_return api::ToJson(assets);
  };
  co_return co_await library_->Get(std::move(key), std::move(owners), compute);
}

Task<std::vector<api::PersonResponseDto>> DiscoveryService::Persons(const AuthContext& auth, std::string name,
                                                                    bool with_hidden) {
  std::vector<api::PersonResponseDto> persons;
  pg::Params params{auth.user.id, name, with_hidden};
  for (const pg::Row row : co_await db_.Run(sql::kSearchPersonList, std::move(params))) {
    api::PersonResponseDto& person = persons.emplace_back();
    person.id = row.Get<Uuid>(0);
    person.name = row.Get<std::string>(1);
    if (const auto birth_date = row.Find<TimePoint>(2)) person.birth_date = ToIsoDate(*birth_date);
    person.thumbnail_path = row.Get<std::string>(3);
    person.is_hidden = row.Get<bool>(4);
    person.is_favorite = row.Get<bool>(5);
    person.color = row.Find<std::string>(6);
    person.updated_at = row.Get<TimePoint>(7);
  }
  co_return persons;
}

Task<std::vector<api::PlacesResponseDto>> DiscoveryService::Places(std::string name) {
  std::vector<api::PlacesResponseDto> places;
  pg::Params params{name};
  for (const pg::Row row : co_await db_.Run(sql::kSearchPlaceList, std::move(params))) {
    api::PlacesResponseDto& place = places.emplace_back();
    place.name = row.Get<std::string>(0);
    place.admin1name = row.Find<std::string>(1);
    place.admin2name = row.Find<std::string>(2);
    place.latitude = row.Get<double>(3);
    place.longitude = row.Get<double>(4);
  }
  co_return places;
}

}  // namespace immich::search
