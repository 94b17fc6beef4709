#include "server/tags/tag_service.hpp"

#include <unordered_set>

#include "platform/error/error.hpp"
#include "platform/pg/pg_error.hpp"
#include "server/core/access.hpp"
#include "server/core/bulk_results.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/tag_tree.hpp"
#include "slice_tags_sql.hpp"

namespace immich::tags {

namespace {

using api::Permission;

constexpr std::string_view kNameTaken = "A tag with that name already exists";

api::TagResponseDto ReadTag(const pg::Row& row) {
  api::TagResponseDto tag;
  tag.id = row.Get<Uuid>(0);
  tag.value = row.Get<std::string>(1);
  tag.name = tag.value.substr(tag.value.rfind('/') + 1);
  tag.color = row.Find<std::string>(2);
  if (const auto parent = row.Find<Uuid>(3)) tag.parent_id = parent->ToString();
  tag.created_at = row.Get<TimePoint>(4);
  tag.updated_at = row.Get<TimePoint>(5);
  return tag;
}

template <class IdType>
std::vector<IdType> ReadIds(const pg::Result& rows) {
  std::vector<IdType> ids;
  for (const pg::Row row : rows) ids.push_back(row.Get<IdType>(0));
  return ids;
}

/// Colours are kept with their `#`.
std::optional<std::string> TidyColor(const json::Maybe<std::string>& color) {
  if (!color.has_value() || color->empty()) return std::nullopt;
  return color->front() == '#' ? *color : "#" + *color;
}

std::string Renamed(const std::string& value, const std::string& name) {
  const std::size_t slash = value.rfind('/');
  return slash == std::string::npos ? name : value.substr(0, slash + 1) + name;
}

/// In the caller's transaction: what the assets are tagged with, as exiftool will see it.
Task<void> NoteTags(pg::Db& db, const std::vector<AssetId>& assets) {
  pg::Params params{assets};
  co_await db.Run(sql::kTagExifUpdate, std::move(params));
}

}  // namespace

Task<std::vector<api::TagResponseDto>> TagService::List(const AuthContext& auth) {
  pg::Params params{auth.user.id};
  std::vector<api::TagResponseDto> tags;
  for (const pg::Row row : co_await db_.Run(sql::kTagList, std::move(params))) tags.push_back(ReadTag(row));
  co_return tags;
}

Task<api::TagResponseDto> TagService::Load(pg::Db& db, UserId user, TagId id) {
  std::vector<TagId> ids{id};
  pg::Params params{user, ids};
  const pg::Result found = co_await db.Run(sql::kTagFind, std::move(params));
  if (found.empty()) throw BadRequest("Tag not found");
  co_return ReadTag(found[0]);
}

Task<api::TagResponseDto> TagService::Get(const AuthContext& auth, TagId id) {
  co_await access_.RequireTag(auth, Permission::kTagRead, id);
  co_return co_await Load(db_, auth.user.id, id);
}

Task<api::TagResponseDto> TagService::Create(const AuthContext& auth, api::TagCreateDto request) {
  std::string value = request.name;
  std::optional<TagId> parent;
  if (request.parent_id.has_value()) {
    parent = TagId(*request.parent_id);
    co_await access_.RequireTag(auth, Permission::kTagRead, *parent);
    value = (co_await Load(db_, auth.user.id, *parent)).value + '/' + value;
  }
  pg::Params params{auth.user.id, value, parent, TidyColor(request.color)};
  const pg::Result made = co_await db_.Run(sql::kTagInsert, std::move(params));
  if (made.empty()) throw BadRequest(std::string(kNameTaken));
  co_return ReadTag(made[0]);
}

Task<std::vector<api::TagResponseDto>> TagService::Upsert(const AuthContext& auth, std::vector<std::string> paths) {
  std::vector<api::TagResponseDto> tags;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    tags.clear();
    const auto ids = co_await UpsertTagPaths(tx, auth.user.id, paths);
    pg::Params params{auth.user.id, ids};
    for (const pg::Row row : co_await tx.Run(sql::kTagFind, std::move(params))) tags.push_back(ReadTag(row));
  });
  co_return tags;
}

Task<api::TagResponseDto> TagService::Update(const AuthContext& auth, TagId id, api::TagUpdateDto change) {
  co_await access_.RequireTag(auth, Permission::kTagUpdate, id);
  std::vector<AssetId> retagged;
  std::optional<api::TagResponseDto> tag;
  try {
    co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      retagged.clear();
      const api::TagResponseDto before = co_await Load(tx, auth.user.id, id);
      if (change.color.is_present()) {
        pg::Params color{id, TidyColor(change.color)};
        co_await tx.Run(sql::kTagColorUpdate, std::move(color));
      }
      if (change.name && *change.name != before.name) {
        pg::Params rename{id, before.value, Renamed(before.value, *change.name)};
        co_await tx.Run(sql::kTagRename, std::move(rename));
        pg::Params below{id};
        retagged = ReadIds<AssetId>(co_await tx.Run(sql::kTagBranchAssetsList, std::move(below)));
        co_await NoteTags(tx, retagged);
      }
      tag = co_await Load(tx, auth.user.id, id);
    });
  } catch (const pg::QueryError& error) {
    if (!error.is_unique_violation()) throw;
    throw BadRequest(std::string(kNameTaken));
  }
  co_await WriteSidecars(std::move(retagged));
  co_return std::move(*tag);
}

Task<void> TagService::Delete(const AuthContext& auth, TagId id) {
  co_await access_.RequireTag(auth, Permission::kTagDelete, id);
  pg::Params params{id};
  co_await db_.Run(sql::kTagDelete, std::move(params));
}

Task<void> TagService::WriteSidecars(std::vector<AssetId> assets) {
  std::vector<JobSink::Request> jobs;
  for (const AssetId& id : assets) {
    jobs.push_back({.name = "SidecarWrite", .data = JobDataWithId(id.value), .options = {}});
  }
  if (!jobs.empty()) co_await jobs_.EnqueueOrLog(std::move(jobs));
}

Task<std::vector<api::BulkIdResponseDto>> TagService::AddAssets(const AuthContext& auth, TagId id,
                                                                std::vector<Uuid> assets) {
  co_await access_.RequireTag(auth, Permission::kTagAsset, id);
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  pg::Params tagged{id, wanted};
  const auto present = ReadIds<AssetId>(co_await db_.Run(sql::kTagAssetList, std::move(tagged)));
  const auto allowed = co_await access_.AllowedAssets(auth, Permission::kAssetUpdate, std::move(wanted));
  BulkPlan plan = PlanAdding(assets, present, allowed);
  const auto added = plan.AcceptedAs<AssetId>();
  if (!added.empty()) {
    std::vector<TagId> one{id};
    co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      pg::Params params{one, added};
      co_await tx.Run(sql::kTagAssetInsert, std::move(params));
      co_await NoteTags(tx, added);
    });
    co_await WriteSidecars(added);
  }
  co_return std::move(plan.results);
}

Task<std::vector<api::BulkIdResponseDto>> TagService::RemoveAssets(const AuthContext& auth, TagId id,
                                                                   std::vector<Uuid> assets) {
  co_await access_.RequireTag(auth, Permission::kTagAsset, id);
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  pg::Params tagged{id, wanted};
  const auto present = ReadIds<AssetId>(co_await db_.Run(sql::kTagAssetList, std::move(tagged)));
  BulkPlan plan = PlanRemoving(assets, present);
  const auto removed = plan.AcceptedAs<AssetId>();
  if (!removed.empty()) {
    co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      pg::Params params{id, removed};
      co_await tx.Run(sql::kTagAssetDelete, std::move(params));
      co_await NoteTags(tx, removed);
    });
    co_await WriteSidecars(removed);
  }
  co_return std::move(plan.results);
}

Task<std::int64_t> TagService::TagMany(const AuthContext& auth, std::vector<Uuid> tags, std::vector<Uuid> assets) {
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  const auto allowed = co_await access_.AllowedAssets(auth, Permission::kAssetUpdate, std::move(wanted));
  std::vector<TagId> wanted_tags(tags.begin(), tags.end());
  pg::Params own{auth.user.id, wanted_tags};
  const auto own_tags = ReadIds<TagId>(co_await db_.Run(sql::kTagFind, std::move(own)));
  if (own_tags.empty() || allowed.empty()) co_return 0;
  std::vector<AssetId> changed;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params params{own_tags, allowed};
    changed = ReadIds<AssetId>(co_await tx.Run(sql::kTagAssetInsert, std::move(params)));
    co_await NoteTags(tx, changed);
  });
  const auto count = static_cast<std::int64_t>(changed.size());
  std::unordered_set<AssetId> seen;
  std::erase_if(changed, [&](const AssetId& id) { return !seen.insert(id).second; });
  co_await WriteSidecars(std::move(changed));
  co_return count;
}

Task<void> TagService::CleanUp() {
  co_await db_.Run(sql::kTagUnusedDelete);
}

}  // namespace immich::tags
