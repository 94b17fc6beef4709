#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/search_types.hpp"
#include "server/core/ids.hpp"
#include "server/core/query_builder.hpp"

namespace immich::search {

/// Whose assets a search may find.
struct SearchScope {
  /// Empty: the albums of the request decide.
  std::vector<UserId> owners;
  /// Locked assets are found only in an elevated session.
  bool with_locked = false;
};

/// `WHERE …` of a search over `asset a` and `asset_exif e`, from the flat members. Every kind of search has most of
/// them; those it lacks are skipped. Instantiated for the request types in search_query.cpp.
template <class Dto>
void AppendSearchConditions(QueryBuilder& query, const SearchScope& scope, const Dto& request);

/// The text found in the picture resembles `text`.
std::string OcrCondition(QueryBuilder& query, std::string_view text);

/// `ESCAPE`-safe pattern: `%`, `_` and `\` of `text` stand for themselves.
std::string EscapeLike(std::string_view text);

}  // namespace immich::search
