#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/search_types.hpp"
#include "platform/pg/pg_result.hpp"
#include "server/core/query_builder.hpp"

namespace immich::search {

/// Where a page ended: the value it is sorted by and the id that tells equal ones apart.
struct SearchCursor {
  /// Microseconds since 1970, bytes or stars; empty for assets without the value, which come last.
  std::optional<std::int64_t> value;
  Uuid id;

  /// Opaque text for clients; it holds the order, so that it is good for that order only.
  std::string ToText(const api::SearchOrder& order) const;
  /// Throws BadRequest for anything that ToText did not write for `order`.
  static SearchCursor Parse(std::string_view text, const api::SearchOrder& order);
  /// From a row with the value that OrderColumn names in `column`.
  static SearchCursor Of(const pg::Row& row, int column, const api::SearchOrder& order, const Uuid& id);
};

/// The expression a search is sorted by.
std::string_view OrderColumn(const api::SearchOrder& order);
/// Adds the condition that a row comes after `cursor`.
void AppendAfter(QueryBuilder& query, const api::SearchOrder& order, const SearchCursor& cursor);
/// `ORDER BY …`; equal values by id.
void AppendOrder(QueryBuilder& query, const api::SearchOrder& order);

}  // namespace immich::search
