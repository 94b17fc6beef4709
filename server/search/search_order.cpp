#include "server/search/search_order.hpp"

#include <charconv>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"

namespace immich::search {

namespace {

using api::SearchOrderField;

bool IsTime(const api::SearchOrder& order) {
  return order.field == SearchOrderField::kFileCreatedAt || order.field == SearchOrderField::kLocalDateTime;
}

std::string OrderName(const api::SearchOrder& order) {
  return fmt::format("{} {} ", api::ToString(order.field), api::ToString(order.direction));
}

std::string BindValue(QueryBuilder& query, const api::SearchOrder& order, std::int64_t value) {
  if (IsTime(order)) return query.Bind(TimePoint(std::chrono::microseconds(value))) + "::timestamptz";
  return query.Bind(value) + "::bigint";
}

}  // namespace

std::string_view OrderColumn(const api::SearchOrder& order) {
  switch (order.field) {
    case SearchOrderField::kFileCreatedAt:
      return R"(a."fileCreatedAt")";
    case SearchOrderField::kLocalDateTime:
      return R"(a."localDateTime")";
    case SearchOrderField::kFileSizeInBytes:
      return R"(e."fileSizeInByte")";
    case SearchOrderField::kRating:
      return "e.rating";
  }
  throw InternalError("search order without a column");
}

std::string SearchCursor::ToText(const api::SearchOrder& order) const {
  const std::string plain =
      OrderName(order) + id.ToString() + " " + (value ? std::to_string(*value) : std::string("null"));
  return crypto::ToBase64Url(crypto::AsBytes(plain));
}

SearchCursor SearchCursor::Parse(std::string_view text, const api::SearchOrder& order) {
  constexpr std::size_t kUuidLength = 36;
  const auto bytes = crypto::FromBase64Url(text);
  const std::string plain = bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
  const std::string prefix = OrderName(order);
  if (!plain.starts_with(prefix) || plain.size() < prefix.size() + kUuidLength + 2) throw BadRequest("Invalid cursor");
  const auto id = Uuid::Parse(std::string_view(plain).substr(prefix.size(), kUuidLength));
  const std::string_view number = std::string_view(plain).substr(prefix.size() + kUuidLength + 1);
  SearchCursor cursor;
  if (number != "null") {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size()) throw BadRequest("Invalid cursor");
    cursor.value = value;
  }
  if (!id) throw BadRequest("Invalid cursor");
  cursor.id = *id;
  return cursor;
}

SearchCursor SearchCursor::Of(const pg::Row& row, int column, const api::SearchOrder& order, const Uuid& id) {
  SearchCursor cursor;
  cursor.id = id;
  if (IsTime(order)) {
    cursor.value = row.Get<TimePoint>(column).time_since_epoch().count();
  } else {
    cursor.value = row.Find<std::int64_t>(column);
  }
  return cursor;
}

void AppendAfter(QueryBuilder& query, const api::SearchOrder& order, const SearchCursor& cursor) {
  const std::string_view column = OrderColumn(order);
  const std::string id = query.Bind(cursor.id) + "::uuid";
  if (!cursor.value) {
    query.And(fmt::format("{} IS NULL AND a.id > {}", column, id));
    return;
  }
  const std::string value = BindValue(query, order, *cursor.value);
  const std::string_view beyond = order.direction == api::AssetOrder::kAsc ? ">" : "<";
  if (IsTime(order)) {
    // The first half is what the index is good for.
    query.And(fmt::format("{0} {1}= {2} AND ({0} {1} {2} OR a.id > {3})", column, beyond, value, id));
  } else {
    query.And(fmt::format("({0} {1} {2} OR {0} IS NULL OR ({0} = {2} AND a.id > {3}))", column, beyond, value, id));
  }
}

void AppendOrder(QueryBuilder& query, const api::SearchOrder& order) {
  query.Sql("\nORDER BY ").Sql(OrderColumn(order));
  if (order.direction == api::AssetOrder::kDesc) query.Sql(" DESC");
  // Times are never null, and with NULLS LAST their indexes could not be read backwards.
  if (!IsTime(order)) query.Sql(" NULLS LAST");
  query.Sql(", a.id");
}

}  // namespace immich::search
