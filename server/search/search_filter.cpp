#include "server/search/search_filter.hpp"

#include <algorithm>
#include <type_traits>

#include "platform/error/error.hpp"
#include "server/search/checksum_text.hpp"
#include "server/search/search_query.hpp"

namespace immich::search {

namespace {

template <class T>
decltype(auto) ToValue(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(api::ToString(value));
  } else {
    return (value);
  }
}

/// Collects the conditions of one branch.
class FilterConditions {
 public:
  explicit FilterConditions(QueryBuilder& query) : query_(query) {}

  std::vector<std::string>& list() { return list_; }

  /// All operators of a member on `column`, whose values are of the SQL type `type`.
  template <class Operators>
  void Compare(std::string_view column, std::string_view type, const std::optional<Operators>& operators) {
    if (!operators) return;
    Equals(column, type, "=", "IS NULL", operators->eq);
    Equals(column, type, "<>", "IS NOT NULL", operators->ne);
    if constexpr (requires { operators->gt; }) {
      Orders(column, type, ">", operators->gt);
      Orders(column, type, ">=", operators->gte);
      Orders(column, type, "<", operators->lt);
      Orders(column, type, "<=", operators->lte);
    }
    if constexpr (requires { operators->in; }) {
      List(column, type, "= ANY", operators->in);
      List(column, type, "<> ALL", operators->not_in);
    }
    if constexpr (requires { operators->like; }) {
      Pattern(column, "", "%", operators->like, "%");
      Pattern(column, "NOT ", "%", operators->not_like, "%");
      Pattern(column, "", "", operators->starts_with, "%");
      Pattern(column, "", "%", operators->ends_with, "");
    }
  }

  void Flag(std::string_view condition, const std::optional<api::BoolFilter>& flag) {
    if (flag) list_.push_back(fmt::format("{}({})", flag->eq ? "" : "NOT ", condition));
  }
  void FlagElsewhere(std::string_view condition, const std::optional<api::BoolFilter>& flag) {
    if (flag) query_.NoteElsewhere();
    Flag(condition, flag);
  }

  /// `exists`: a subquery's text whose `{}` is the condition on the ids.
  void Membership(fmt::format_string<std::string> exists, const std::optional<api::IdsFilter>& ids) {
    if (!ids) return;
    query_.NoteElsewhere();
    if (ids->any) list_.push_back(fmt::format(exists, AnyOf(*ids->any)));
    if (ids->none) list_.push_back("NOT " + fmt::format(exists, AnyOf(*ids->none)));
    if (!ids->all) return;
    for (const Uuid& id : *ids->all) list_.push_back(fmt::format(exists, fmt::format("= {}", query_.Bind(id))));
  }

  void Checksum(const std::optional<api::StringFilter>& operators) {
    if (!operators) return;
    if (operators->eq) list_.push_back("a.checksum = " + BindChecksum(*operators->eq));
    if (operators->ne) list_.push_back("a.checksum <> " + BindChecksum(*operators->ne));
    if (operators->in) list_.push_back(fmt::format("a.checksum = ANY(ARRAY[{}]::bytea[])", Checksums(*operators->in)));
    if (operators->not_in) {
      list_.push_back(fmt::format("a.checksum <> ALL(ARRAY[{}]::bytea[])", Checksums(*operators->not_in)));
    }
  }

  void EncodedVideo(const std::optional<api::StringFilter>& operators) {
    if (!operators) return;
    query_.NoteElsewhere();
    FilterConditions inner(query_);
    inner.Compare("f.path", "text", operators);
    list_.push_back(
        fmt::format(R"(EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'encoded_video' AND {}))",
                    fmt::join(inner.list(), " AND ")));
  }

  void Ocr(const std::optional<api::StringSimilarityFilter>& operators) {
    if (!operators) return;
    query_.NoteElsewhere();
    list_.push_back(OcrCondition(query_, operators->matches));
  }

 private:
  template <class T>
  void Equals(std::string_view column, std::string_view type, std::string_view sign, std::string_view null_test,
              const json::Maybe<T>& value) {
    if (value.is_null()) list_.push_back(fmt::format("{} {}", column, null_test));
    Orders(column, type, sign, value.nullable());
  }
  template <class T>
  void Equals(std::string_view column, std::string_view type, std::string_view sign, std::string_view,
              const std::optional<T>& value) {
    Orders(column, type, sign, value);
  }
  template <class T>
  void Orders(std::string_view column, std::string_view type, std::string_view sign, const std::optional<T>& value) {
    if (value) list_.push_back(fmt::format("{} {} {}::{}", column, sign, query_.Bind(ToValue(*value)), type));
  }
  template <class T>
  void List(std::string_view column, std::string_view type, std::string_view sign,
            const std::optional<std::vector<T>>& values) {
    if (!values) return;
    std::vector<std::remove_cvref_t<decltype(ToValue(std::declval<const T&>()))>> bound;
    for (const T& value : *values) bound.push_back(ToValue(value));
    list_.push_back(fmt::format("{} {}({}::{}[])", column, sign, query_.Bind(bound), type));
  }
  /// Unaccented and without regard to case, like the flat filters.
  void Pattern(std::string_view column, std::string_view negation, std::string_view before,
               const std::optional<std::string>& text, std::string_view after) {
    if (!text) return;
    list_.push_back(fmt::format("{}f_unaccent({}) ILIKE '{}' || f_unaccent({}) || '{}'", negation, column, before,
                                query_.Bind(EscapeLike(*text)), after));
  }
  std::string AnyOf(const std::vector<Uuid>& ids) { return fmt::format("= ANY({}::uuid[])", query_.Bind(ids)); }
  std::string BindChecksum(std::string_view text) {
    const auto bytes = ParseChecksumText(text);
    if (!bytes) throw BadRequest("Invalid checksum");
    return query_.Bind(pg::Bytes{*bytes});
  }
  std::string Checksums(const std::vector<std::string>& texts) {
    std::vector<std::string> bound;
    for (const std::string& text : texts) bound.push_back(BindChecksum(text));
    return fmt::format("{}", fmt::join(bound, ", "));
  }

  QueryBuilder& query_;
  std::vector<std::string> list_;
};

template <class Branch>
void AddPlacesAndCamera(FilterConditions& conditions, const Branch& branch) {
  conditions.Compare("e.city", "text", branch.city);
  conditions.Compare("e.state", "text", branch.state);
  conditions.Compare("e.country", "text", branch.country);
  conditions.Compare("e.make", "text", branch.make);
  conditions.Compare("e.model", "text", branch.model);
  conditions.Compare(R"(e."lensModel")", "text", branch.lens_model);
  conditions.Compare("e.description", "text", branch.description);
  conditions.Compare("e.rating", "float8", branch.rating);
  conditions.Compare(R"(e."fileSizeInByte")", "float8", branch.file_size_in_bytes);
}

template <class Branch>
void AddFacts(FilterConditions& conditions, const Branch& branch) {
  conditions.Compare("a.id", "uuid", branch.id);
  conditions.Compare(R"(a."libraryId")", "uuid", branch.library_id);
  conditions.Compare("a.type", "text", branch.type);
  conditions.Compare("a.visibility", "asset_visibility_enum", branch.visibility);
  conditions.Compare(R"(a."fileCreatedAt")", "timestamptz", branch.taken_at);
  conditions.Compare(R"(a."createdAt")", "timestamptz", branch.created_at);
  conditions.Compare(R"(a."updatedAt")", "timestamptz", branch.updated_at);
  conditions.Compare(R"(a."deletedAt")", "timestamptz", branch.trashed_at);
  conditions.Compare(R"(a."originalFileName")", "text", branch.original_file_name);
  conditions.Compare(R"(a."originalPath")", "text", branch.original_path);
  conditions.Flag(R"(a."isFavorite")", branch.is_favorite);
  conditions.Flag(R"(a."isOffline")", branch.is_offline);
  conditions.Flag(R"(a."livePhotoVideoId" IS NOT NULL)", branch.is_motion);
  conditions.Checksum(branch.checksum);
}

template <class Branch>
void AddMemberships(FilterConditions& conditions, const Branch& branch) {
  conditions.Membership(R"(EXISTS (SELECT FROM album_asset aa WHERE aa."assetId" = a.id AND aa."albumId" {}))",
                        branch.album_ids);
  conditions.Membership(R"(EXISTS (SELECT FROM asset_face f WHERE f."assetId" = a.id AND f."deletedAt" IS NULL
       AND f."isVisible" AND f."personId" {}))",
                        branch.person_ids);
  conditions.Membership(R"(EXISTS (SELECT FROM tag_asset ta JOIN tag_closure tc ON tc.id_descendant = ta."tagId"
       WHERE ta."assetId" = a.id AND tc.id_ancestor {}))",
                        branch.tag_ids);
  conditions.FlagElsewhere(R"(EXISTS (SELECT FROM album_asset aa WHERE aa."assetId" = a.id))", branch.has_albums);
  conditions.FlagElsewhere(R"(EXISTS (SELECT FROM asset_face f WHERE f."assetId" = a.id AND f."deletedAt" IS NULL
       AND f."isVisible" AND f."personId" IS NOT NULL))",
                           branch.has_people);
  conditions.FlagElsewhere(R"(EXISTS (SELECT FROM tag_asset ta WHERE ta."assetId" = a.id))", branch.has_tags);
  conditions.FlagElsewhere(R"(EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'encoded_video'))",
                           branch.is_encoded);
  conditions.EncodedVideo(branch.encoded_video_path);
  conditions.Ocr(branch.ocr);
}

template <class Branch>
std::vector<std::string> ConditionsOf(QueryBuilder& query, const Branch& branch) {
  FilterConditions conditions(query);
  AddFacts(conditions, branch);
  AddPlacesAndCamera(conditions, branch);
  AddMemberships(conditions, branch);
  return std::move(conditions.list());
}

/// Calls `look` for the filter itself and for each branch of `or`; true when one of the calls is.
template <class Look>
bool AnyBranch(const api::SearchFilter& filter, Look look) {
  if (look(filter)) return true;
  return filter.or_ && std::ranges::any_of(*filter.or_, look);
}

}  // namespace

void AppendFilter(QueryBuilder& query, const api::SearchFilter& filter) {
  for (const std::string& condition : ConditionsOf(query, filter)) query.And(condition);
  if (!filter.or_) return;
  std::vector<std::string> branches;
  for (const api::SearchFilterBranch& branch : *filter.or_) {
    const std::vector<std::string> conditions = ConditionsOf(query, branch);
    branches.push_back(conditions.empty() ? "true" : fmt::format("({})", fmt::join(conditions, " AND ")));
  }
  query.And(fmt::format("({})", fmt::join(branches, " OR ")));
}

std::vector<Uuid> AlbumsOf(const api::SearchFilter& filter) {
  std::vector<Uuid> albums;
  AnyBranch(filter, [&](const auto& branch) {
    if (!branch.album_ids) return false;
    for (const auto& ids : {branch.album_ids->any, branch.album_ids->all, branch.album_ids->none}) {
      if (ids) albums.insert(albums.end(), ids->begin(), ids->end());
    }
    return false;
  });
  std::ranges::sort(albums);
  albums.erase(std::ranges::unique(albums).begin(), albums.end());
  return albums;
}

bool IsConfinedToAlbums(const api::SearchFilter& filter) {
  return filter.album_ids && (filter.album_ids->any || filter.album_ids->all);
}

bool NamesTrash(const api::SearchFilter& filter) {
  return AnyBranch(
      filter, [](const auto& branch) { return branch.trashed_at || (branch.is_offline && branch.is_offline->eq); });
}

bool AsksForLocked(const api::SearchFilter& filter) {
  return AnyBranch(filter, [](const auto& branch) {
    if (!branch.visibility) return false;
    const auto locked = api::AssetVisibility::kLocked;
    return branch.visibility->eq == locked ||
           (branch.visibility->in && std::ranges::find(*branch.visibility->in, locked) != branch.visibility->in->end());
  });
}

}  // namespace immich::search
