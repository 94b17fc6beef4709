#include "server/albums/album_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "api/websocket_events.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"
#include "server/core/access.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"

namespace immich::albums {

namespace {

using api::AlbumUserRole;
using api::Permission;

std::vector<AssetId> ToAssetIds(const std::vector<Uuid>& ids) {
  return {reinterpret_cast<const AssetId*>(ids.data()), reinterpret_cast<const AssetId*>(ids.data()) + ids.size()};
}

UserId ParseUser(const AuthContext& auth, const std::string& text) {
  if (text == "me") return auth.user.id;
  const auto id = Uuid::Parse(text);
  if (!id) throw BadRequest("Invalid user id");
  return UserId(*id);
}

api::BulkIdResponseDto Refused(const Uuid& id, api::BulkIdErrorReason reason) {
  api::BulkIdResponseDto result;
  result.id = id;
  result.success = false;
  result.error = reason;
  return result;
}

api::BulkIdResponseDto Accepted(const Uuid& id) {
  api::BulkIdResponseDto result;
  result.id = id;
  result.success = true;
  return result;
}

/// Absent and null both leave the text; null on purpose empties it.
std::optional<std::string> DescriptionOf(const json::Maybe<std::string>& description) {
  if (description.is_absent()) return std::nullopt;
  return description.nullable().value_or("");
}

template <class Id>
std::unordered_set<Id> ToSet(const std::vector<Id>& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

/// Members of one album, looked up by user.
struct AlbumService::Members {
  std::vector<AlbumMember> list;

  const AlbumMember* Find(UserId user) const {
    const auto found =
        std::find_if(list.begin(), list.end(), [user](const AlbumMember& one) { return one.user.id == user.value; });
    return found == list.end() ? nullptr : &*found;
  }
  bool IsOwner(UserId user) const {
    const AlbumMember* member = Find(user);
    return member != nullptr && member->role == AlbumUserRole::kOwner;
  }
};

Task<AlbumService::Members> AlbumService::LoadMembers(AlbumId id, UserId viewer) {
  std::vector<AlbumId> one{id};
  Members members;
  members.list = co_await AlbumStore(db_).ListMembers(std::move(one), viewer);
  co_return members;
}

Task<void> AlbumService::AddMembers(std::vector<api::AlbumResponseDto>& albums, UserId viewer) {
  std::unordered_map<Uuid, api::AlbumResponseDto*> by_id;
  std::vector<AlbumId> ids;
  for (auto& album : albums) {
    by_id.emplace(album.id, &album);
    ids.emplace_back(album.id);
  }
  for (AlbumMember& member : co_await AlbumStore(db_).ListMembers(std::move(ids), viewer)) {
    api::AlbumUserResponseDto dto;
    dto.role = member.role;
    dto.user = std::move(member.user);
    by_id.at(member.album.value)->album_users.push_back(std::move(dto));
  }
}

/// Compat: GET /albums: a cover that left the album is replaced when the album is looked at.
Task<void> AlbumService::RepairCovers(std::vector<api::AlbumResponseDto>& albums) {
  std::vector<AlbumId> ids;
  for (const auto& album : albums) ids.emplace_back(album.id);
  const auto repaired = co_await AlbumStore(db_).RepairCovers(std::move(ids));
  for (const auto& [id, cover] : repaired) {
    for (auto& album : albums) {
      if (album.id == id.value) album.album_thumbnail_asset_id = cover;
    }
  }
}

Task<void> AlbumService::AnnounceUpdate(AlbumId id) {
  const Members members = co_await LoadMembers(id, UserId{});
  for (const AlbumMember& member : members.list) {
    std::vector<std::string> payload{JsonId(id.value)};
    co_await events_.ToUser(UserId(member.user.id), api::events::OnAlbumUpdate::kName, std::move(payload));
  }
}

Task<void> AlbumService::QueueInvitations(const AuthContext& auth, AlbumId id, const std::vector<UserId>& invited) {
  std::vector<JobSink::Request> jobs;
  for (const UserId& user : invited) {
    std::string data = fmt::format(R"({{"id":"{}","recipientId":"{}","senderName":)", id.ToString(), user.ToString());
    json::AppendString(data, auth.user.name);
    data += '}';
    jobs.push_back({.name = "NotifyAlbumInvite", .data = std::move(data), .options = {}});
  }
  if (!jobs.empty()) co_await jobs_.EnqueueOrLog(std::move(jobs));
}

/// One job for each member but the one who did it; while more comes in, the waiting job is replaced.
Task<void> AlbumService::QueueUpdateNews(const AuthContext& auth, AlbumId id) {
  const Members members = co_await LoadMembers(id, auth.user.id);
  std::vector<JobSink::Request> jobs;
  for (const AlbumMember& member : members.list) {
    if (UserId(member.user.id) == auth.user.id) continue;
    const std::string recipient = member.user.id.ToString();
    JobSink::Request& job = jobs.emplace_back();
    job.name = "NotifyAlbumUpdate";
    job.data = fmt::format(R"({{"id":"{}","recipientId":"{}"}})", id.ToString(), recipient);
    job.options.job_id = fmt::format("{}/{}", id.ToString(), recipient);
    job.options.replace_delayed = true;
    job.options.delay = kUpdateDelay;
  }
  if (!jobs.empty()) co_await jobs_.EnqueueOrLog(std::move(jobs));
}

Task<std::vector<api::AlbumResponseDto>> AlbumService::List(const AuthContext& auth, api::GetAllAlbums::Input input) {
  AlbumFilter filter;
  if (input.id) filter.album = AlbumId(*input.id);
  if (input.asset_id) filter.asset = AssetId(*input.asset_id);
  filter.is_owned = input.is_owned;
  filter.is_shared = input.is_shared;
  filter.name = input.name;
  auto albums = co_await AlbumStore(db_).List(auth.user.id, std::move(filter));
  if (albums.empty()) co_return albums;
  co_await RepairCovers(albums);
  co_await AddMembers(albums, auth.user.id);
  co_return albums;
}

Task<api::AlbumResponseDto> AlbumService::Get(const AuthContext& auth, AlbumId id) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, id);
  AlbumStore store(db_);
  auto found = co_await store.Find(id);
  if (!found) ThrowNoAccess(Permission::kAlbumRead);
  std::vector<api::AlbumResponseDto> one{std::move(*found)};
  co_await RepairCovers(one);
  co_await AddMembers(one, auth.user.id);
  api::AlbumResponseDto& album = one.front();
  if (album.album_users.size() > 1 && !auth.is_visitor()) {
    album.contributor_counts.emplace();
    for (const Contribution& part : co_await store.ListContributions(id)) {
      api::ContributorCountResponseDto count;
      count.user_id = part.user.value;
      count.asset_count = part.assets;
      album.contributor_counts->push_back(count);
    }
  }
  co_return std::move(album);
}

Task<api::AlbumStatisticsResponseDto> AlbumService::Statistics(const AuthContext& auth) {
  co_return co_await AlbumStore(db_).Statistics(auth.user.id);
}

Task<api::AlbumResponseDto> AlbumService::Create(const AuthContext& auth, api::CreateAlbumDto request) {
  const auto users = request.album_users.value_or(std::vector<api::AlbumUserCreateDto>{});
  for (const auto& user : users) {
    if (user.role == AlbumUserRole::kOwner) throw BadRequest("Cannot add another owner");
    if (UserId(user.user_id) == auth.user.id) throw BadRequest("Cannot share album with owner");
    if (!co_await AlbumStore(db_).UserExists(UserId(user.user_id))) throw BadRequest("User not found");
  }
  std::vector<AssetId> wanted = ToAssetIds(request.asset_ids.value_or(std::vector<Uuid>{}));
  const auto assets = co_await access_.AllowedAssets(auth, Permission::kAssetShare, std::move(wanted));
  NewAlbum album;
  album.id = AlbumId::Random();
  album.name = request.album_name;
  album.description = DescriptionOf(request.description).value_or("");
  if (!assets.empty()) album.cover = assets.front();
  album.owner = auth.user.id;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AlbumStore store(tx);
    co_await store.Insert(album);
    if (!assets.empty()) co_await store.InsertAssets(album.id, assets);
    for (const auto& user : users) co_await store.InsertMember(album.id, UserId(user.user_id), user.role);
  });
  std::vector<UserId> invited;
  for (const auto& user : users) invited.emplace_back(user.user_id);
  co_await QueueInvitations(auth, album.id, invited);
  co_return co_await Get(auth, album.id);
}

Task<api::AlbumResponseDto> AlbumService::Update(const AuthContext& auth, AlbumId id, api::UpdateAlbumDto request) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumUpdate, id);
  AlbumStore store(db_);
  AlbumChange change;
  if (request.album_thumbnail_asset_id) {
    std::vector<AssetId> cover{AssetId(*request.album_thumbnail_asset_id)};
    if ((co_await store.ListContained(id, cover)).empty()) throw BadRequest("Invalid album thumbnail");
    change.cover = cover.front();
  }
  change.name = std::move(request.album_name);
  change.description = DescriptionOf(request.description);
  change.is_activity_enabled = request.is_activity_enabled;
  if (request.order) change.order = std::string(api::ToString(*request.order));
  co_await store.Update(id, std::move(change));
  co_return co_await Get(auth, id);
}

Task<void> AlbumService::Delete(const AuthContext& auth, AlbumId id) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumDelete, id);
  co_await AlbumStore(db_).Delete(id);
}

Task<std::vector<api::BulkIdResponseDto>> AlbumService::AddAssets(const AuthContext& auth, AlbumId id,
                                                                  std::vector<Uuid> assets) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumAssetCreate, id);
  const auto contained = ToSet(co_await AlbumStore(db_).ListContained(id, ToAssetIds(assets)));
  const auto allowed = ToSet(co_await access_.AllowedAssets(auth, Permission::kAssetShare, ToAssetIds(assets)));
  std::vector<api::BulkIdResponseDto> results;
  std::vector<AssetId> added;
  std::unordered_set<AssetId> seen = contained;
  for (const Uuid& asset : assets) {
    if (seen.contains(AssetId(asset))) {
      results.push_back(Refused(asset, api::BulkIdErrorReason::kDuplicate));
    } else if (!allowed.contains(AssetId(asset))) {
      results.push_back(Refused(asset, api::BulkIdErrorReason::kNoPermission));
    } else {
      seen.insert(AssetId(asset));
      added.emplace_back(asset);
      results.push_back(Accepted(asset));
    }
  }
  if (added.empty()) co_return results;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AlbumStore store(tx);
    co_await store.InsertAssets(id, added);
    co_await store.Touch(id);
  });
  std::vector<AlbumId> one{id};
  co_await AlbumStore(db_).RepairCovers(std::move(one));
  co_await AnnounceUpdate(id);
  co_await QueueUpdateNews(auth, id);
  co_return results;
}

Task<api::AlbumsAddAssetsResponseDto> AlbumService::AddAssetsToMany(const AuthContext& auth,
                                                                    api::AlbumsAddAssetsDto request) {
  api::AlbumsAddAssetsResponseDto response;
  std::vector<AlbumId> wanted;
  for (const Uuid& id : request.album_ids) wanted.emplace_back(id);
  const auto albums = co_await access_.AllowedAlbums(auth, Permission::kAlbumAssetCreate, std::move(wanted));
  if (albums.empty()) {
    response.error = api::BulkIdErrorReason::kNoPermission;
    co_return response;
  }
  bool only_duplicates = true;
  for (const AlbumId& album : albums) {
    for (const auto& result : co_await AddAssets(auth, album, request.asset_ids)) {
      response.success = response.success || result.success;
      only_duplicates = only_duplicates && result.error == api::BulkIdErrorReason::kDuplicate;
    }
  }
  if (!response.success) {
    response.error = only_duplicates ? api::BulkIdErrorReason::kDuplicate : api::BulkIdErrorReason::kNoPermission;
  }
  co_return response;
}

Task<std::vector<api::BulkIdResponseDto>> AlbumService::RemoveAssets(const AuthContext& auth, AlbumId id,
                                                                     std::vector<Uuid> assets) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumAssetDelete, id);
  const Members members = co_await LoadMembers(id, auth.user.id);
  auto remaining = ToSet(co_await AlbumStore(db_).ListContained(id, ToAssetIds(assets)));
  // The owner may take out anything, an editor only what he could have put in.
  const bool is_owner = members.IsOwner(auth.user.id);
  std::unordered_set<AssetId> allowed;
  if (!is_owner) allowed = ToSet(co_await access_.AllowedAssets(auth, Permission::kAssetShare, ToAssetIds(assets)));
  std::vector<api::BulkIdResponseDto> results;
  std::vector<AssetId> removed;
  for (const Uuid& asset : assets) {
    if (!remaining.contains(AssetId(asset))) {
      results.push_back(Refused(asset, api::BulkIdErrorReason::kNotFound));
    } else if (!is_owner && !allowed.contains(AssetId(asset))) {
      results.push_back(Refused(asset, api::BulkIdErrorReason::kNoPermission));
    } else {
      remaining.erase(AssetId(asset));
      removed.emplace_back(asset);
      results.push_back(Accepted(asset));
    }
  }
  if (removed.empty()) co_return results;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AlbumStore store(tx);
    co_await store.DeleteAssets(id, removed);
    std::vector<AlbumId> one{id};
    co_await store.RepairCovers(std::move(one));
    co_await store.Touch(id);
  });
  co_await AnnounceUpdate(id);
  co_return results;
}

Task<std::vector<api::MapMarkerResponseDto>> AlbumService::MapMarkers(const AuthContext& auth, AlbumId id) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, id);
  std::vector<api::MapMarkerResponseDto> markers;
  if (auth.shared_link && !auth.shared_link->show_exif) co_return markers;
  for (const pg::Row row : co_await AlbumStore(db_).ListMapMarkers(id)) {
    api::MapMarkerResponseDto marker;
    marker.id = row.Get<Uuid>(0);
    marker.lat = row.Get<double>(1);
    marker.lon = row.Get<double>(2);
    marker.city = row.Find<std::string>(3);
    marker.state = row.Find<std::string>(4);
    marker.country = row.Find<std::string>(5);
    markers.push_back(std::move(marker));
  }
  co_return markers;
}

Task<api::AlbumResponseDto> AlbumService::AddUsers(const AuthContext& auth, AlbumId id,
                                                   std::vector<api::AlbumUserAddDto> users) {
  co_await access_.RequireAlbum(auth, Permission::kAlbumShare, id);
  for (const auto& user : users) {
    if (user.role == AlbumUserRole::kOwner) throw BadRequest("Cannot add another owner");
    if (!co_await AlbumStore(db_).UserExists(UserId(user.user_id))) throw BadRequest("Invalid user");
  }
  std::vector<UserId> invited;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AlbumStore store(tx);
    invited.clear();
    for (const auto& user : users) {
      const UserId added(user.user_id);
      if (co_await store.InsertMember(id, added, user.role)) invited.push_back(added);
    }
  });
  co_await QueueInvitations(auth, id, invited);
  co_await AnnounceUpdate(id);
  co_return co_await Get(auth, id);
}

Task<void> AlbumService::RemoveUser(const AuthContext& auth, AlbumId id, std::string user) {
  const UserId removed = ParseUser(auth, user);
  co_await access_.RequireAlbum(auth, Permission::kAlbumRead, id);
  const Members members = co_await LoadMembers(id, auth.user.id);
  if (removed != auth.user.id) co_await access_.RequireAlbum(auth, Permission::kAlbumShare, id);
  if (members.Find(removed) == nullptr) throw BadRequest("User not found");
  if (members.IsOwner(removed)) throw BadRequest("Cannot remove album owner");
  co_await AlbumStore(db_).DeleteMember(id, removed);
}

Task<void> AlbumService::UpdateUser(const AuthContext& auth, AlbumId id, std::string user, AlbumUserRole role) {
  const UserId changed = ParseUser(auth, user);
  co_await access_.RequireAlbum(auth, Permission::kAlbumShare, id);
  if (role == AlbumUserRole::kOwner) throw BadRequest("Cannot add another owner");
  const Members members = co_await LoadMembers(id, auth.user.id);
  if (members.IsOwner(changed)) throw BadRequest("User is owner");
  co_await AlbumStore(db_).UpdateRole(id, changed, role);
}

}  // namespace immich::albums
