#include "server/shared_links/shared_link_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/secret.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_error.hpp"
#include "server/core/access.hpp"
#include "server/core/album_view.hpp"
#include "server/core/asset_view.hpp"
#include "server/core/bulk_results.hpp"
#include "slice_shared_links_sql.hpp"

namespace immich::shared_links {

namespace {

using api::Permission;
using api::SharedLinkType;

constexpr std::size_t kKeyBytes = 50;

/// Empty texts count as none.
std::optional<std::string> TextOf(const json::Maybe<std::string>& text) {
  return text.has_value() && !text->empty() ? text.nullable() : std::nullopt;
}

Link ReadLink(const pg::Row& row) {
  Link link;
  link.id = row.Get<Uuid>("id");
  link.user_id = row.Get<Uuid>("userId");
  link.key = crypto::ToBase64Url(row.Get<std::span<const std::uint8_t>>("key"));
  link.type = row.Get<std::string_view>("type") == "ALBUM" ? SharedLinkType::kAlbum : SharedLinkType::kIndividual;
  link.created_at = row.Get<TimePoint>("createdAt");
  link.expires_at = row.Find<TimePoint>("expiresAt");
  link.description = row.Find<std::string>("description");
  link.password = row.Find<std::string>("password");
  link.slug = row.Find<std::string>("slug");
  link.allow_upload = row.Get<bool>("allowUpload");
  link.allow_download = row.Get<bool>("allowDownload");
  link.show_metadata = row.Get<bool>("showExif");
  return link;
}

std::string TokenFor(const AuthSharedLink& link) {
  const auto digest = crypto::HashSha256(link.id.ToString() + '-' + link.password.value_or(""));
  return crypto::ToBase64(digest);
}

bool HoldsToken(std::string_view tokens, std::string_view wanted) {
  while (!tokens.empty()) {
    const std::size_t end = std::min(tokens.find(','), tokens.size());
    if (crypto::EqualsInConstantTime(tokens.substr(0, end), wanted)) return true;
    tokens.remove_prefix(std::min(end + 1, tokens.size()));
  }
  return false;
}

std::vector<api::AssetIdsResponseDto> ToAssetResults(const BulkPlan& plan) {
  std::vector<api::AssetIdsResponseDto> results;
  for (const api::BulkIdResponseDto& one : plan.results) {
    api::AssetIdsResponseDto& result = results.emplace_back();
    result.asset_id = one.id;
    result.success = one.success;
    if (one.error) result.error = api::ParseEnum<api::AssetIdErrorReason>(api::ToString(*one.error));
  }
  return results;
}

/// Compat: POST /shared-links: whatever the database refuses is this answer (the slug is taken).
[[noreturn]] void ThrowUnsaved(const pg::QueryError& error) {
  if (!error.is_unique_violation()) throw;
  throw BadRequest("Failed to save shared link");
}

}  // namespace

Task<std::vector<Link>> SharedLinkService::Load(const AuthContext& auth, std::vector<SharedLinkId> ids) {
  pg::Params params{ids};
  const pg::Result rows = co_await db_.Run(sql::kSharedLinkGet, std::move(params));
  std::vector<Link> links;
  std::vector<AlbumId> albums;
  std::vector<AssetId> assets;
  for (const pg::Row row : rows) {
    links.push_back(ReadLink(row));
    if (const auto album = row.Find<AlbumId>("albumId")) albums.push_back(*album);
    for (const Uuid& asset : row.Get<std::vector<Uuid>>("assets")) assets.emplace_back(asset);
  }
  std::unordered_map<Uuid, api::AlbumResponseDto> album_views;
  for (auto& view : co_await LoadAlbumViews(db_, auth.user.id, std::move(albums))) {
    const Uuid id = view.id;
    album_views.emplace(id, std::move(view));
  }
  // Visitors of a link without metadata get the reduced objects.
  const bool shows_metadata = !auth.shared_link || auth.shared_link->show_exif;
  AssetViewOptions options;
  options.with_exif = shows_metadata;
  std::unordered_map<Uuid, api::AssetResponseDto> asset_views;
  for (auto& view : co_await LoadAssetViews(db_, auth, std::move(assets), options)) {
    view.has_metadata = shows_metadata;
    const Uuid id = view.id;
    asset_views.emplace(id, std::move(view));
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (const auto album = rows[i].Find<Uuid>("albumId"); album && album_views.contains(*album)) {
      links[i].album = album_views.at(*album);
    }
    for (const Uuid& id : rows[i].Get<std::vector<Uuid>>("assets")) {
      if (const auto view = asset_views.find(id); view != asset_views.end()) links[i].assets.push_back(view->second);
    }
  }
  co_return links;
}

Task<Link> SharedLinkService::LoadOne(const AuthContext& auth, SharedLinkId id) {
  std::vector<SharedLinkId> one{id};
  auto links = co_await Load(auth, std::move(one));
  if (links.empty()) throw BadRequest("Shared link not found");
  co_return std::move(links.front());
}

Task<void> SharedLinkService::RequireOwn(const AuthContext& auth, Permission permission, SharedLinkId id) {
  pg::Params params{id, auth.user.id};
  const pg::Result found = co_await db_.Run(sql::kSharedLinkOwnerCheck, std::move(params));
  if (found.empty()) ThrowNoAccess(permission);
}

Task<std::vector<Link>> SharedLinkService::List(const AuthContext& auth, api::GetAllSharedLinks::Input filter) {
  pg::Params params{auth.user.id, filter.id, filter.album_id};
  std::vector<SharedLinkId> ids;
  for (const pg::Row row : co_await db_.Run(sql::kSharedLinkList, std::move(params))) {
    ids.push_back(row.Get<SharedLinkId>(0));
  }
  co_return co_await Load(auth, std::move(ids));
}

Task<Link> SharedLinkService::Get(const AuthContext& auth, SharedLinkId id) {
  co_await RequireOwn(auth, Permission::kSharedLinkRead, id);
  co_return co_await LoadOne(auth, id);
}

Task<Link> SharedLinkService::Create(const AuthContext& auth, api::SharedLinkCreateDto request) {
  std::optional<AlbumId> album;
  std::vector<AssetId> assets;
  if (request.type == SharedLinkType::kAlbum) {
    if (!request.album_id) throw BadRequest("Invalid albumId");
    album = AlbumId(*request.album_id);
    co_await access_.RequireAlbum(auth, Permission::kAlbumShare, *album);
  } else {
    for (const Uuid& id : request.asset_ids.value_or(std::vector<Uuid>{})) assets.emplace_back(id);
    if (assets.empty()) throw BadRequest("Invalid assetIds");
    co_await access_.RequireAssets(auth, Permission::kAssetShare, assets);
  }
  const SharedLinkId id = SharedLinkId::Random();
  const auto key = crypto::RandomBytes(kKeyBytes);
  // Compat: POST /shared-links: uploads are allowed unless refused; originals hold metadata, so hiding that hides them.
  pg::Params params{id,
                    auth.user.id,
                    pg::Bytes{key},
                    api::ToString(request.type),
                    album,
                    request.description.nullable(),
                    request.expires_at.nullable(),
                    TextOf(request.password),
                    TextOf(request.slug),
                    request.allow_upload.value_or(true),
                    request.allow_download && request.show_metadata,
                    request.show_metadata,
                    assets};
  try {
    co_await db_.Run(sql::kSharedLinkInsert, std::move(params));
  } catch (const pg::QueryError& error) {
    ThrowUnsaved(error);
  }
  co_return co_await LoadOne(auth, id);
}

Task<Link> SharedLinkService::Update(const AuthContext& auth, SharedLinkId id, api::SharedLinkEditDto change) {
  co_await RequireOwn(auth, Permission::kSharedLinkUpdate, id);
  // Compat: PATCH /shared-links/{id}: a slug that is not sent is cleared.
  pg::Params params{id,
                    change.description.is_present(),
                    change.description.nullable(),
                    change.expires_at.is_present(),
                    change.expires_at.nullable(),
                    change.password.is_present(),
                    TextOf(change.password),
                    TextOf(change.slug),
                    change.allow_upload,
                    change.allow_download,
                    change.show_metadata};
  try {
    co_await db_.Run(sql::kSharedLinkUpdate, std::move(params));
  } catch (const pg::QueryError& error) {
    ThrowUnsaved(error);
  }
  co_return co_await LoadOne(auth, id);
}

Task<void> SharedLinkService::Delete(const AuthContext& auth, SharedLinkId id) {
  co_await RequireOwn(auth, Permission::kSharedLinkDelete, id);
  pg::Params params{id};
  co_await db_.Run(sql::kSharedLinkDelete, std::move(params));
}

Task<void> SharedLinkService::RequireIndividual(SharedLinkId id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kSharedLinkTypeFind, std::move(params));
  if (found.empty() || found[0].Get<std::string_view>(0) != "INDIVIDUAL") throw BadRequest("Invalid shared link type");
}

Task<std::vector<AssetId>> SharedLinkService::Contained(SharedLinkId id, const std::vector<Uuid>& assets) {
  pg::Params params{id, assets};
  std::vector<AssetId> contained;
  for (const pg::Row row : co_await db_.Run(sql::kSharedLinkAssetList, std::move(params))) {
    contained.push_back(row.Get<AssetId>(0));
  }
  co_return contained;
}

Task<std::vector<api::AssetIdsResponseDto>> SharedLinkService::AddAssets(const AuthContext& auth, SharedLinkId id,
                                                                         std::vector<Uuid> assets) {
  co_await RequireOwn(auth, Permission::kSharedLinkUpdate, id);
  co_await RequireIndividual(id);
  const auto present = co_await Contained(id, assets);
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  const auto allowed = co_await access_.AllowedAssets(auth, Permission::kAssetShare, std::move(wanted));
  const BulkPlan plan = PlanAdding(assets, present, allowed);
  if (!plan.accepted.empty()) {
    pg::Params params{id, plan.accepted};
    co_await db_.Run(sql::kSharedLinkAssetInsert, std::move(params));
  }
  co_return ToAssetResults(plan);
}

Task<std::vector<api::AssetIdsResponseDto>> SharedLinkService::RemoveAssets(const AuthContext& auth, SharedLinkId id,
                                                                            std::vector<Uuid> assets) {
  co_await RequireOwn(auth, Permission::kSharedLinkUpdate, id);
  co_await RequireIndividual(id);
  const auto present = co_await Contained(id, assets);
  const BulkPlan plan = PlanRemoving(assets, present);
  if (!plan.accepted.empty()) {
    pg::Params params{id, plan.accepted};
    co_await db_.Run(sql::kSharedLinkAssetDelete, std::move(params));
  }
  co_return ToAssetResults(plan);
}

Task<Link> SharedLinkService::GetMine(const AuthContext& auth, std::string_view tokens) {
  if (!auth.shared_link) throw Forbidden();
  const AuthSharedLink& link = *auth.shared_link;
  if (link.password && !HoldsToken(tokens, TokenFor(link))) throw Unauthorized("Password required");
  co_return co_await LoadOne(auth, link.id);
}

std::string SharedLinkService::LogIn(const AuthContext& auth, std::string_view password, std::string_view tokens) {
  if (!auth.shared_link) throw Forbidden();
  const AuthSharedLink& link = *auth.shared_link;
  if (!link.password) throw BadRequest("Shared link is not password protected");
  if (!crypto::EqualsInConstantTime(password, *link.password)) throw Unauthorized("Invalid password");
  std::string token = TokenFor(link);
  if (tokens.empty()) return token;
  return HoldsToken(tokens, token) ? std::string(tokens) : fmt::format("{},{}", tokens, token);
}

}  // namespace immich::shared_links
