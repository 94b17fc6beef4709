#include <memory>

#include "api/albums_api.hpp"
#include "server/albums/album_feature.hpp"
#include "server/albums/album_service.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

namespace {

using Album = api::AlbumResponseDto;
using Results = std::vector<api::BulkIdResponseDto>;
using Service = std::shared_ptr<albums::AlbumService>;

void BindAlbums(RouteBinder& routes, const Service& service) {
  routes.On<api::GetAllAlbums>([service](Call& call, api::GetAllAlbums::Input in) -> Task<std::vector<Album>> {
    co_return co_await service->List(call.auth, std::move(in));
  });
  routes.On<api::GetAlbumInfo>([service](Call& call, api::GetAlbumInfo::Input in) -> Task<Album> {
    co_return co_await service->Get(call.auth, AlbumId(in.id));
  });
  routes.On<api::GetAlbumStatistics>(
      [service](Call& call, api::GetAlbumStatistics::Input) -> Task<api::AlbumStatisticsResponseDto> {
        co_return co_await service->Statistics(call.auth);
      });
  routes.On<api::CreateAlbum>([service](Call& call, api::CreateAlbum::Input in) -> Task<Album> {
    co_return co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::UpdateAlbumInfo>([service](Call& call, api::UpdateAlbumInfo::Input in) -> Task<Album> {
    co_return co_await service->Update(call.auth, AlbumId(in.id), std::move(in.body));
  });
  routes.On<api::DeleteAlbum>([service](Call& call, api::DeleteAlbum::Input in) -> Task<void> {
    co_await service->Delete(call.auth, AlbumId(in.id));
  });
}

void BindContents(RouteBinder& routes, const Service& service) {
  routes.On<api::AddAssetsToAlbum>([service](Call& call, api::AddAssetsToAlbum::Input in) -> Task<Results> {
    co_return co_await service->AddAssets(call.auth, AlbumId(in.id), std::move(in.body.ids));
  });
  routes.On<api::AddAssetsToAlbums>(
      [service](Call& call, api::AddAssetsToAlbums::Input in) -> Task<api::AlbumsAddAssetsResponseDto> {
        co_return co_await service->AddAssetsToMany(call.auth, std::move(in.body));
      });
  routes.On<api::RemoveAssetFromAlbum>([service](Call& call, api::RemoveAssetFromAlbum::Input in) -> Task<Results> {
    co_return co_await service->RemoveAssets(call.auth, AlbumId(in.id), std::move(in.body.ids));
  });
  routes.On<api::GetAlbumMapMarkers>(
      [service](Call& call, api::GetAlbumMapMarkers::Input in) -> Task<std::vector<api::MapMarkerResponseDto>> {
        co_return co_await service->MapMarkers(call.auth, AlbumId(in.id));
      });
}

void BindMembers(RouteBinder& routes, const Service& service) {
  routes.On<api::AddUsersToAlbum>([service](Call& call, api::AddUsersToAlbum::Input in) -> Task<Album> {
    co_return co_await service->AddUsers(call.auth, AlbumId(in.id), std::move(in.body.album_users));
  });
  routes.On<api::RemoveUserFromAlbum>([service](Call& call, api::RemoveUserFromAlbum::Input in) -> Task<void> {
    co_await service->RemoveUser(call.auth, AlbumId(in.id), std::move(in.user_id));
  });
  routes.On<api::UpdateAlbumUser>([service](Call& call, api::UpdateAlbumUser::Input in) -> Task<void> {
    co_await service->UpdateUser(call.auth, AlbumId(in.id), std::move(in.user_id), in.body.role);
  });
}

}  // namespace

void RegisterAlbums(FeatureContext& context) {
  auto service = std::make_shared<albums::AlbumService>(context.db, context.access, context.events, context.jobs);
  BindAlbums(context.routes, service);
  BindContents(context.routes, service);
  BindMembers(context.routes, service);
}

}  // namespace immich
