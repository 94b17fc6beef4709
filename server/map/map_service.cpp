#include "server/map/map_service.hpp"

#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/pg/pg_pool.hpp"
#include "slice_map_sql.hpp"

namespace immich::map {

namespace {

void AppendText(std::string& out, const pg::Row& row, int column) {
  if (row.IsNull(column)) {
    json::AppendNull(out);
  } else {
    json::AppendString(out, row.Get<std::string_view>(column));
  }
}

/// Straight from rows to text: a library of 200,000 pictures has 26 MB of markers.
std::string WriteMarkers(const pg::Result& rows) {
  std::string out = "[";
  out.reserve(2 + rows.size() * 170);
  for (const pg::Row row : rows) {
    out += R"({"city":)";
    AppendText(out, row, 3);
    out += R"(,"country":)";
    AppendText(out, row, 5);
    out += R"(,"id":)";
    json::AppendUuid(out, row.Get<Uuid>(0));
    out += R"(,"lat":)";
    json::AppendDouble(out, row.Get<double>(1));
    out += R"(,"lon":)";
    json::AppendDouble(out, row.Get<double>(2));
    out += R"(,"state":)";
    AppendText(out, row, 4);
    out += "},";
  }
  json::EndArray(out);
  return out;
}

/// Compat: GET /map/markers: only the caller's own archive is shown, never a partner's.
std::string VisibleRows(QueryBuilder& query, UserId user, const std::vector<UserId>& partners,
                        const api::GetMapMarkers::Input& request) {
  const std::string me = query.Bind(user);
  std::string rows = fmt::format(R"((a."ownerId" = {} AND a.visibility {}))", me,
                                 request.is_archived == true ? "IN ('archive', 'timeline')" : "= 'timeline'");
  if (!partners.empty()) {
    rows += fmt::format(R"( OR (a."ownerId" = ANY({}::uuid[]) AND a.visibility = 'timeline'))", query.Bind(partners));
  }
  if (request.with_shared_albums == true) {
    query.NoteElsewhere();
    rows += fmt::format(R"( OR (a.visibility = 'timeline' AND a.id IN (SELECT aa."assetId" FROM album_asset aa
    JOIN album_user au ON au."albumId" = aa."albumId"
    JOIN album al ON al.id = aa."albumId" AND al."deletedAt" IS NULL
    WHERE au."userId" = {})))",
                        me);
  }
  return rows;
}

}  // namespace

QueryBuilder BuildMarkers(UserId user, const std::vector<UserId>& partners, const api::GetMapMarkers::Input& request) {
  QueryBuilder query;
  query.Sql(R"(SELECT a.id, e.latitude, e.longitude, e.city, e.state, e.country
FROM asset a
JOIN asset_exif e ON e."assetId" = a.id
WHERE a."deletedAt" IS NULL AND e.latitude IS NOT NULL AND e.longitude IS NOT NULL)");
  query.And("(" + VisibleRows(query, user, partners, request) + ")");
  if (request.is_favorite) query.And(fmt::format(R"(a."isFavorite" = {})", query.Bind(*request.is_favorite)));
  if (request.file_created_after) {
    query.And(fmt::format(R"(a."fileCreatedAt" >= {})", query.Bind(*request.file_created_after)));
  }
  if (request.file_created_before) {
    query.And(fmt::format(R"(a."fileCreatedAt" <= {})", query.Bind(*request.file_created_before)));
  }
  query.Sql("\nORDER BY a.\"fileCreatedAt\" DESC, a.id");
  return query;
}

Task<LibraryCache::Body> MapService::Markers(const AuthContext& auth, api::GetMapMarkers::Input request) {
  std::vector<UserId> partners;
  if (request.with_partners == true) {
    pg::Params params{auth.user.id};
    for (const pg::Row row : co_await db_.Run(sql::kMapPartnerList, std::move(params))) {
      partners.push_back(row.Get<UserId>(0));
    }
  }
  QueryBuilder query = BuildMarkers(auth.user.id, partners, request);
  if (query.reads_elsewhere()) {
    const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
    co_return std::make_shared<const http::KeptBody>(WriteMarkers(rows));
  }
  std::vector<UserId> owners = std::move(partners);
  owners.push_back(auth.user.id);
  co_return co_await library_->Get("markers", std::move(query), std::move(owners), WriteMarkers);
}

Task<std::vector<api::MapReverseGeocodeResponseDto>> MapService::ReverseGeocode(double latitude, double longitude) {
  if (latitude < -90 || latitude > 90 || longitude < -180 || longitude > 180) throw BadRequest("Invalid coordinates");
  std::vector<api::MapReverseGeocodeResponseDto> places;
  if (const auto found = co_await geocoder_.Find(latitude, longitude)) {
    api::MapReverseGeocodeResponseDto& place = places.emplace_back();
    place.city = found->city;
    place.state = found->state;
    place.country = found->country;
  }
  co_return places;
}

}  // namespace immich::map
