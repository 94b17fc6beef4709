#include "server/duplicates/duplicate_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/access.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/system_config.hpp"
#include "server/duplicates/group_merge.hpp"
#include "slice_duplicates_sql.hpp"

namespace immich::duplicates {

namespace {

/// How many facts the metadata holds.
int CountFacts(const api::ExifResponseDto& exif) {
  const auto count = [](const auto&... members) { return (static_cast<int>(members.has_value()) + ...); };
  return count(exif.make, exif.model, exif.exif_image_width, exif.exif_image_height, exif.file_size_in_byte,
               exif.orientation, exif.date_time_original, exif.modify_date, exif.time_zone, exif.lens_model,
               exif.f_number, exif.focal_length, exif.iso, exif.exposure_time, exif.latitude, exif.longitude, exif.city,
               exif.state, exif.country, exif.description, exif.projection_type, exif.rating);
}

KeepCandidate CandidateOf(const api::AssetResponseDto& asset) {
  KeepCandidate candidate{.id = asset.id};
  if (asset.exif_info) {
    candidate.size_bytes = asset.exif_info->file_size_in_byte.value_or(0);
    candidate.known_facts = CountFacts(*asset.exif_info);
  }
  return candidate;
}

Task<std::vector<GroupMember>> LoadGroup(pg::Db& db, UserId owner, Uuid group) {
  pg::Params params{owner, group};
  std::vector<GroupMember> members;
  for (const pg::Row row : co_await db.Run(sql::kDuplicateGroupGet, std::move(params))) {
    GroupMember& member = members.emplace_back();
    member.id = row.Get<AssetId>(0);
    member.is_favorite = row.Get<bool>(1);
    member.visibility = row.Get<std::string>(2);
    member.description = row.Find<std::string>(3);
    member.rating = row.Find<int>(4);
    member.latitude = row.Find<double>(5);
    member.longitude = row.Find<double>(6);
  }
  co_return members;
}

/// Throws unless every member is in exactly one of the lists, and nothing else is.
void CheckLists(const std::vector<GroupMember>& members, const api::DuplicateResolveGroupDto& group) {
  std::vector<Uuid> listed = group.keep_asset_ids;
  listed.insert(listed.end(), group.trash_asset_ids.begin(), group.trash_asset_ids.end());
  std::vector<Uuid> wanted;
  for (const GroupMember& member : members) wanted.push_back(member.id.value);
  std::ranges::sort(listed);
  std::ranges::sort(wanted);
  if (listed != wanted) throw BadRequest("Every asset of the group must be either kept or trashed");
}

/// Gives the keeper what the others have; true when its metadata changed.
Task<bool> MergeInto(pg::Transaction& tx, AssetId keeper, const std::vector<AssetId>& others,
                     const std::vector<GroupMember>& members) {
  const MergedFacts merged = MergeFacts(members);
  const auto own = std::ranges::find(members, keeper, &GroupMember::id);
  pg::Params asset{keeper, merged.is_favorite, merged.visibility};
  co_await tx.Run(sql::kDuplicateKeeperUpdate, std::move(asset));
  std::vector<std::string> changed;
  if (merged.description != own->description.value_or("")) changed.emplace_back("description");
  if (merged.rating != own->rating) changed.emplace_back("rating");
  if (merged.latitude && merged.latitude != own->latitude) changed.emplace_back("latitude");
  if (merged.longitude && merged.longitude != own->longitude) changed.emplace_back("longitude");
  if (!changed.empty()) {
    pg::Params exif{keeper, changed, merged.description, merged.rating, merged.latitude, merged.longitude};
    co_await tx.Run(sql::kDuplicateExifUpdate, std::move(exif));
  }
  pg::Params albums{keeper, others};
  co_await tx.Run(sql::kDuplicateAlbumsMerge, std::move(albums));
  pg::Params tags{keeper, others};
  const pg::Result tagged = co_await tx.Run(sql::kDuplicateTagsMerge, std::move(tags));
  if (tagged.affected_rows() > 0) {
    pg::Params note{keeper};
    co_await tx.Run(sql::kDuplicateTagsNote, std::move(note));
  }
  co_return !changed.empty() || tagged.affected_rows() > 0;
}

}  // namespace

Task<std::vector<api::DuplicateResponseDto>> DuplicateService::List(const AuthContext& auth) {
  pg::Params singles{auth.user.id};
  co_await db_.Run(sql::kDuplicateSingleClear, std::move(singles));
  pg::Params params{auth.user.id};
  const pg::Result rows = co_await db_.Run(sql::kDuplicateGroupList, std::move(params));
  std::vector<AssetId> ids;
  std::unordered_map<Uuid, Uuid> group_of;
  for (const pg::Row row : rows) {
    ids.push_back(row.Get<AssetId>(1));
    group_of.emplace(ids.back().value, row.Get<Uuid>(0));
  }
  std::vector<api::DuplicateResponseDto> groups;
  AssetViewOptions options;
  options.with_exif = options.with_stack = true;
  for (api::AssetResponseDto& asset : co_await LoadAssetViews(db_, auth, std::move(ids), options)) {
    const Uuid group = group_of.at(asset.id);
    if (groups.empty() || groups.back().duplicate_id != group) groups.emplace_back().duplicate_id = group;
    groups.back().assets.push_back(std::move(asset));
  }
  for (api::DuplicateResponseDto& group : groups) {
    std::vector<KeepCandidate> candidates;
    for (const api::AssetResponseDto& asset : group.assets) candidates.push_back(CandidateOf(asset));
    group.suggested_keep_asset_ids.push_back(SuggestKeeper(candidates));
  }
  co_return groups;
}

Task<void> DuplicateService::Dismiss(const AuthContext& auth, std::vector<Uuid> groups) {
  std::ranges::sort(groups);
  groups.erase(std::ranges::unique(groups).begin(), groups.end());
  pg::Params asked{groups, auth.user.id};
  const pg::Result owned = co_await db_.Run(sql::kDuplicateGroupsOwned, std::move(asked));
  if (owned.size() != groups.size()) ThrowNoAccess(api::Permission::kDuplicateDelete);
  pg::Params params{groups, auth.user.id};
  co_await db_.Run(sql::kDuplicateGroupsClear, std::move(params));
}

Task<std::vector<AssetId>> DuplicateService::ResolveGroup(const AuthContext& auth,
                                                          const api::DuplicateResolveGroupDto& group,
                                                          std::vector<AssetId>& written) {
  const bool for_good = !config_.current().trash.enabled;
  const std::vector<AssetId> others(group.trash_asset_ids.begin(), group.trash_asset_ids.end());
  std::optional<AssetId> changed;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    changed.reset();
    const std::vector<GroupMember> members = co_await LoadGroup(tx, auth.user.id, group.duplicate_id);
    if (members.empty()) throw NotFound("Duplicate group not found");
    CheckLists(members, group);
    if (group.keep_asset_ids.size() == 1 && !others.empty()) {
      const AssetId keeper(group.keep_asset_ids[0]);
      if (co_await MergeInto(tx, keeper, others, members)) changed = keeper;
    }
    std::vector<Uuid> ended{group.duplicate_id};
    pg::Params clear{ended, auth.user.id};
    co_await tx.Run(sql::kDuplicateGroupsClear, std::move(clear));
    if (others.empty()) co_return;
    pg::Params trash{others, for_good};
    co_await tx.Run(sql::kDuplicateTrash, std::move(trash));
  });
  if (changed) written.push_back(*changed);
  co_return others;
}

Task<void> DuplicateService::Announce(const AuthContext& auth, const std::vector<AssetId>& removed,
                                      const std::vector<AssetId>& written, bool for_good) {
  std::vector<JobSink::Request> jobs;
  for (const AssetId& asset : written) {
    jobs.push_back({.name = "SidecarWrite", .data = JobDataWithId(asset.value), .options = {}});
  }
  if (for_good && !removed.empty()) jobs.push_back({.name = "AssetEmptyTrash", .data = "{}", .options = {}});
  if (!jobs.empty()) co_await jobs_.EnqueueOrLog(std::move(jobs));
  if (for_good || removed.empty()) co_return;
  std::vector<std::string> arguments{JsonIds(removed)};
  co_await events_.ToUser(auth.user.id, "on_asset_trash", std::move(arguments));
}

Task<std::vector<api::BulkIdResponseDto>> DuplicateService::Resolve(const AuthContext& auth,
                                                                    api::DuplicateResolveDto request) {
  const bool for_good = !config_.current().trash.enabled;
  std::vector<api::BulkIdResponseDto> outcomes;
  std::vector<AssetId> removed, written;
  for (const api::DuplicateResolveGroupDto& group : request.groups) {
    api::BulkIdResponseDto& outcome = outcomes.emplace_back();
    outcome.id = group.duplicate_id;
    try {
      const std::vector<AssetId> gone = co_await ResolveGroup(auth, group, written);
      removed.insert(removed.end(), gone.begin(), gone.end());
      outcome.success = true;
    } catch (const NotFound& error) {
      outcome.error = api::BulkIdErrorReason::kNotFound;
      outcome.error_message = error.what();
    } catch (const BadRequest& error) {
      outcome.error = api::BulkIdErrorReason::kValidation;
      outcome.error_message = error.what();
    }
  }
  co_await Announce(auth, removed, written, for_good);
  co_return outcomes;
}

}  // namespace immich::duplicates
