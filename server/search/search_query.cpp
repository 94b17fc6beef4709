#include "server/search/search_query.hpp"

#include "api/search_api.hpp"
#include "platform/error/error.hpp"
#include "server/core/search_tokens.hpp"
#include "server/search/checksum_text.hpp"
#include "server/search/search_filter.hpp"

namespace immich::search {

namespace {

/// `column = value`, or `column IS NULL` for an explicit null.
template <class T>
void AndEqualsOrNull(QueryBuilder& query, std::string_view column, const json::Maybe<T>& value) {
  if (value.is_absent()) return;
  if (value.is_null()) {
    query.And(fmt::format("{} IS NULL", column));
  } else {
    query.And(fmt::format("{} = {}", column, query.Bind(*value)));
  }
}

template <class T>
void AndCompare(QueryBuilder& query, std::string_view column, std::string_view operation,
                const std::optional<T>& value) {
  if (value) query.And(fmt::format("{} {} {}", column, operation, query.Bind(*value)));
}

/// Unaccented, case-insensitive substring.
void AndContains(QueryBuilder& query, std::string_view column, const std::optional<std::string>& text) {
  if (!text || text->empty()) return;
  query.And(fmt::format("f_unaccent({}) ILIKE '%' || f_unaccent({}) || '%'", column, query.Bind(EscapeLike(*text))));
}

void AndFile(QueryBuilder& query, std::string_view type, const std::optional<std::string>& path) {
  if (!path) return;
  query.AndElsewhere(
      fmt::format(R"(EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = '{}' AND f.path = {}))",
                  type, query.Bind(*path)));
}

template <class Dto>
void AppendDates(QueryBuilder& query, const Dto& request) {
  AndCompare(query, R"(a."fileCreatedAt")", ">=", request.taken_after);
  AndCompare(query, R"(a."fileCreatedAt")", "<=", request.taken_before);
  AndCompare(query, R"(a."createdAt")", ">=", request.created_after);
  AndCompare(query, R"(a."createdAt")", "<=", request.created_before);
  AndCompare(query, R"(a."updatedAt")", ">=", request.updated_after);
  AndCompare(query, R"(a."updatedAt")", "<=", request.updated_before);
  AndCompare(query, R"(a."deletedAt")", ">=", request.trashed_after);
  AndCompare(query, R"(a."deletedAt")", "<=", request.trashed_before);
}

template <class Dto>
void AppendExif(QueryBuilder& query, const Dto& request) {
  AndEqualsOrNull(query, "e.city", request.city);
  AndEqualsOrNull(query, "e.state", request.state);
  AndEqualsOrNull(query, "e.country", request.country);
  AndEqualsOrNull(query, "e.make", request.make);
  AndEqualsOrNull(query, "e.model", request.model);
  AndEqualsOrNull(query, R"(e."lensModel")", request.lens_model);
  AndEqualsOrNull(query, "e.rating", request.rating);
  if constexpr (requires { request.description; }) AndContains(query, "e.description", request.description);
}

void AppendTags(QueryBuilder& query, const json::Maybe<std::vector<Uuid>>& tags) {
  if (tags.is_absent()) return;
  if (tags.is_null()) {
    query.AndElsewhere(R"(NOT EXISTS (SELECT FROM tag_asset ta WHERE ta."assetId" = a.id))");
    return;
  }
  for (const Uuid& tag : *tags) {
    query.AndElsewhere(
        fmt::format(R"(EXISTS (SELECT FROM tag_asset ta JOIN tag_closure tc ON tc.id_descendant = ta."tagId"
       WHERE ta."assetId" = a.id AND tc.id_ancestor = {}))",
                    query.Bind(tag)));
  }
}

/// Albums, persons and tags: the asset must belong to every one named.
template <class Dto>
void AppendMembership(QueryBuilder& query, const Dto& request) {
  if (request.album_ids) {
    for (const Uuid& album : *request.album_ids) {
      query.AndElsewhere(fmt::format(
          R"(EXISTS (SELECT FROM album_asset aa WHERE aa."assetId" = a.id AND aa."albumId" = {}))", query.Bind(album)));
    }
  }
  if (request.person_ids) {
    for (const Uuid& person : *request.person_ids) {
      query.AndElsewhere(fmt::format(R"(EXISTS (SELECT FROM asset_face f WHERE f."assetId" = a.id AND f."personId" = {}
       AND f."deletedAt" IS NULL AND f."isVisible"))",
                                     query.Bind(person)));
    }
  }
  if constexpr (requires { request.objects; }) {
    for (const std::string& label : request.objects.value_or(std::vector<std::string>())) {
      query.AndElsewhere(fmt::format(
          R"(EXISTS (SELECT FROM plus.asset_object o WHERE o."assetId" = a.id AND o.label = {}))", query.Bind(label)));
    }
  }
  AppendTags(query, request.tag_ids);
  if (request.is_not_in_album == true) {
    query.AndElsewhere(R"(NOT EXISTS (SELECT FROM album_asset aa WHERE aa."assetId" = a.id))");
  }
}

template <class Dto>
void AppendState(QueryBuilder& query, const SearchScope& scope, const Dto& request) {
  // Compat: these filters are about assets that may be in the trash.
  bool with_deleted = request.is_offline == true || request.trashed_after || request.trashed_before;
  if constexpr (requires { request.with_deleted; }) with_deleted = with_deleted || request.with_deleted == true;
  if constexpr (requires { request.filter; })
    with_deleted = with_deleted || (request.filter && NamesTrash(*request.filter));
  if (!with_deleted) query.And(R"(a."deletedAt" IS NULL)");
  if (request.visibility) {
    query.And(fmt::format("a.visibility = {}::asset_visibility_enum", query.Bind(api::ToString(*request.visibility))));
  } else if (!scope.with_locked) {
    query.And("a.visibility <> 'locked'");
  }
  if (request.type) query.And(fmt::format("a.type = {}", query.Bind(api::ToString(*request.type))));
  AndCompare(query, R"(a."isFavorite")", "=", request.is_favorite);
  AndCompare(query, R"(a."isOffline")", "=", request.is_offline);
  AndEqualsOrNull(query, R"(a."libraryId")", request.library_id);
  if (request.is_motion) {
    query.And(*request.is_motion ? R"(a."livePhotoVideoId" IS NOT NULL)" : R"(a."livePhotoVideoId" IS NULL)");
  }
  if (request.is_encoded) {
    query.AndElsewhere(
        fmt::format(R"({} EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'encoded_video'))",
                    *request.is_encoded ? "" : "NOT"));
  }
  if constexpr (requires { request.with_stacked; }) {
    if (request.with_stacked == false) query.And(R"(a."stackId" IS NULL)");
  }
}

template <class Dto>
void AppendFileFacts(QueryBuilder& query, const Dto& request) {
  if constexpr (requires { request.original_file_name; }) {
    AndContains(query, R"(a."originalFileName")", request.original_file_name);
    AndContains(query, R"(a."originalPath")", request.original_path);
    AndFile(query, "encoded_video", request.encoded_video_path);
    AndFile(query, "preview", request.preview_path);
    AndFile(query, "thumbnail", request.thumbnail_path);
    AndCompare(query, "a.id", "=", request.id);
    if (request.checksum) {
      const auto bytes = ParseChecksumText(*request.checksum);
      if (!bytes) throw BadRequest("Invalid checksum");
      query.And(fmt::format("a.checksum = {}", query.Bind(pg::Bytes{*bytes})));
    }
  }
  if constexpr (requires { request.min_file_size; }) {
    AndCompare(query, R"(e."fileSizeInByte")", ">=", request.min_file_size);
  }
  if (request.ocr) query.AndElsewhere(OcrCondition(query, *request.ocr));
}

}  // namespace

std::string EscapeLike(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string OcrCondition(QueryBuilder& query, std::string_view text) {
  return fmt::format(R"(EXISTS (SELECT FROM ocr_search o WHERE o."assetId" = a.id
       AND f_unaccent(o.text) %>> f_unaccent({})))",
                     query.Bind(ToSearchTokens(text)));
}

template <class Dto>
void AppendSearchConditions(QueryBuilder& query, const SearchScope& scope, const Dto& request) {
  query.Sql("\nWHERE true");
  if (!scope.owners.empty()) query.And(fmt::format(R"(a."ownerId" = ANY({}::uuid[]))", query.Bind(scope.owners)));
  AppendState(query, scope, request);
  AppendDates(query, request);
  AppendExif(query, request);
  AppendMembership(query, request);
  AppendFileFacts(query, request);
  if constexpr (requires { request.filter; }) {
    if (request.filter) AppendFilter(query, *request.filter);
  }
}

template void AppendSearchConditions(QueryBuilder&, const SearchScope&, const api::MetadataSearchDto&);
template void AppendSearchConditions(QueryBuilder&, const SearchScope&, const api::StatisticsSearchDto&);
template void AppendSearchConditions(QueryBuilder&, const SearchScope&, const api::RandomSearchDto&);
template void AppendSearchConditions(QueryBuilder&, const SearchScope&, const api::SmartSearchDto&);
template void AppendSearchConditions(QueryBuilder&, const SearchScope&, const api::SearchLargeAssets::Input&);

}  // namespace immich::search
