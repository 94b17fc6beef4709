#include "server/search/search_service.hpp"

#include <charconv>
#include <cstring>
#include <random>
#include <unordered_map>

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/asset_view.hpp"
#include "server/search/search_order.hpp"
#include "server/search/search_scope.hpp"

namespace immich::search {

namespace {

constexpr std::string_view kFrom = "\nFROM asset a\nLEFT JOIN asset_exif e ON e.\"assetId\" = a.id";

api::SearchOrder OrderOf(const api::MetadataSearchDto& request) {
  if (request.order_by) return *request.order_by;
  api::SearchOrder order;
  order.direction = request.order.value_or(api::AssetOrder::kDesc);
  return order;
}

bool UsesCursor(const api::MetadataSearchDto& request) {
  return request.filter || request.order_by || request.cursor;
}

bool ShowsExif(const AuthContext& auth) {
  return !auth.shared_link || auth.shared_link->show_exif;
}

bool IsCacheable(const SearchScope& scope, const QueryBuilder& query) {
  return !scope.owners.empty() && !query.reads_elsewhere();
}

/// The ids of the first column, 16 bytes each.
std::string PackIds(const pg::Result& rows) {
  std::string packed(rows.size() * sizeof(Uuid), '\0');
  char* out = packed.data();
  for (const pg::Row row : rows) {
    const Uuid id = row.Get<Uuid>(0);
    std::memcpy(out, &id, sizeof id);
    out += sizeof id;
  }
  return packed;
}

/// `count` of the packed ids, or all when there are fewer: the first steps of a Fisher-Yates shuffle, which remembers
/// only the places it touched.
std::vector<AssetId> PickIds(std::string_view packed, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<Uuid> && sizeof(Uuid) == 16);
  const std::size_t size = packed.size() / sizeof(Uuid);
  std::unordered_map<std::size_t, std::size_t> moved;
  const auto at = [&moved](std::size_t place) { return moved.contains(place) ? moved[place] : place; };
  std::mt19937_64 random(std::random_device{}());
  std::vector<AssetId> picked;
  for (std::size_t i = 0; i < std::min(count, size); ++i) {
    const std::size_t place = std::uniform_int_distribution<std::size_t>(i, size - 1)(random);
    Uuid id;
    std::memcpy(&id, packed.data() + at(place) * sizeof id, sizeof id);
    picked.emplace_back(id);
    moved[place] = at(i);
  }
  return picked;
}

}  // namespace

Task<LibraryCache::Body> SearchService::Metadata(const AuthContext& auth, api::MetadataSearchDto request) {
  const SearchScope scope = co_await ResolveScope(db_, access_, auth, request);
  const api::SearchOrder order = OrderOf(request);
  QueryBuilder query;
  query.Sql("SELECT ").Sql(kAssetViewColumns).Sql(", ").Sql(OrderColumn(order)).Sql(kFrom);
  AppendSearchConditions(query, scope, request);
  if (request.cursor) AppendAfter(query, order, SearchCursor::Parse(*request.cursor, order));
  AppendOrder(query, order);
  query.Sql(fmt::format("\nLIMIT {}", query.Bind(request.size + 1)));
  if (!UsesCursor(request)) {
    query.Sql(fmt::format(" OFFSET {}", query.Bind((request.page.value_or(1) - 1) * request.size)));
  }
  const bool is_cacheable = IsCacheable(scope, query) && request.with_people != true;
  std::string key = fmt::format("metadata {} {:d}{:d}{:d}", auth.user.id.ToString(), ShowsExif(auth),
                                request.with_exif.value_or(false), UsesCursor(request)) +
                    query.Key();
  const auto compute = [&]() -> Task<std::string> { co_return co_await MetadataPage(auth, request, std::move(query)); };
  if (is_cacheable) co_return co_await library_->Get(std::move(key), scope.owners, compute);
  co_return std::make_shared<const http::KeptBody>(co_await compute());
}

Task<std::string> SearchService::MetadataPage(const AuthContext& auth, const api::MetadataSearchDto& request,
                                              QueryBuilder query) {
  const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
  api::SearchResponseDto response;
  std::vector<api::AssetResponseDto>& items = response.assets.items;
  const auto count = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(request.size));
  AssetViewOptions options;
  options.with_exif = request.with_exif.value_or(false) && ShowsExif(auth);
  options.with_people = request.with_people.value_or(false) && ShowsExif(auth);
  items.resize(count);
  for (std::size_t i = 0; i < count; ++i) ReadAssetView(rows[i], 0, auth, options.with_exif, items[i]);
  if (rows.size() > count && UsesCursor(request)) {
    const api::SearchOrder order = OrderOf(request);
    const SearchCursor last = SearchCursor::Of(rows[count - 1], kAssetViewColumnCount, order, items.back().id);
    response.assets.next_cursor = last.ToText(order);
  } else if (rows.size() > count) {
    response.assets.next_page = std::to_string(request.page.value_or(1) + 1);
  }
  if (options.with_people) {
    std::vector<AssetId> ids;
    for (const api::AssetResponseDto& item : items) ids.emplace_back(item.id);
    items = co_await LoadAssetViews(db_, auth, std::move(ids), options);
  }
  for (api::AssetResponseDto& item : items) item.has_metadata = ShowsExif(auth);
  response.assets.count = static_cast<std::int64_t>(items.size());
  response.assets.total = response.assets.count;
  co_return api::ToJson(response);
}

Task<api::SearchStatisticsResponseDto> SearchService::Statistics(const AuthContext& auth,
                                                                 api::StatisticsSearchDto request) {
  const SearchScope scope = co_await ResolveScope(db_, access_, auth, request);
  QueryBuilder query;
  query.Sql("SELECT count(*)").Sql(kFrom);
  AppendSearchConditions(query, scope, request);
  const auto write = [](const pg::Result& rows) { return std::to_string(rows[0].Get<std::int64_t>(0)); };
  api::SearchStatisticsResponseDto response;
  if (IsCacheable(scope, query)) {
    const LibraryCache::Body count = co_await library_->Get("count", std::move(query), scope.owners, write);
    const std::string& text = count->text();
    std::from_chars(text.data(), text.data() + text.size(), response.total);
  } else {
    const pg::Result counted = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
    response.total = counted[0].Get<std::int64_t>(0);
  }
  co_return response;
}

Task<std::vector<AssetId>> SearchService::RandomIds(const SearchScope& scope, const api::RandomSearchDto& request) {
  QueryBuilder query;
  query.Sql("SELECT a.id").Sql(kFrom);
  AppendSearchConditions(query, scope, request);
  const auto size = static_cast<std::size_t>(request.size);
  if (IsCacheable(scope, query)) {
    // All ids are kept (16 bytes each), so that a choice among 200,000 costs no scan.
    const LibraryCache::Body ids = co_await library_->Get("ids", std::move(query), scope.owners, PackIds);
    co_return PickIds(ids->text(), size);
  }
  const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
  co_return PickIds(PackIds(rows), size);
}

Task<std::vector<api::AssetResponseDto>> SearchService::Random(const AuthContext& auth, api::RandomSearchDto request) {
  const SearchScope scope = co_await ResolveScope(db_, access_, auth, request);
  AssetViewOptions options;
  options.with_exif = request.with_exif.value_or(false);
  options.with_people = request.with_people.value_or(false);
  std::vector<AssetId> ids = co_await RandomIds(scope, request);
  co_return co_await LoadAssetViews(db_, auth, std::move(ids), options);
}

Task<LibraryCache::Body> SearchService::LargeAssets(const AuthContext& auth, api::SearchLargeAssets::Input request) {
  const SearchScope scope = co_await ResolveScope(db_, access_, auth, request);
  if (!request.min_file_size) request.min_file_size = 0;
  QueryBuilder query;
  query.Sql("SELECT ").Sql(kAssetViewColumns).Sql(kFrom);
  AppendSearchConditions(query, scope, request);
  query.Sql(fmt::format("\nORDER BY e.\"fileSizeInByte\" DESC, a.id\nLIMIT {}", query.Bind(request.size)));
  const auto write = [&auth](const pg::Result& rows) {
    std::vector<api::AssetResponseDto> assets(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) ReadAssetView(rows[i], 0, auth, true, assets[i]);
    return api::ToJson(assets);
  };
  if (IsCacheable(scope, query)) {
    // What an answer shows depends on who asks.
    const std::string kind = "large " + auth.user.id.ToString();
    co_return co_await library_->Get(kind, std::move(query), scope.owners, write);
  }
  const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
  co_return std::make_shared<const http::KeptBody>(write(rows));
}

}  // namespace immich::search
