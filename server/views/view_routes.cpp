#include <memory>

#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/views/folder_view_service.hpp"
#include "server/views/view_feature.hpp"

namespace immich {

void RegisterViews(FeatureContext& context) {
  auto service = std::make_shared<views::FolderViewService>(context.db, context.library);
  context.routes.OnResponse<api::GetUniqueOriginalPaths>(
      [service](Call& call, api::GetUniqueOriginalPaths::Input) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Folders(call.auth);
        co_return co_await http::KeptBody::Respond(call.request, api::GetUniqueOriginalPaths::kRoute.status, body);
      });
  context.routes.On<api::GetAssetsByOriginalPath>(
      [service](Call& call, api::GetAssetsByOriginalPath::Input in) -> Task<std::vector<api::AssetResponseDto>> {
        co_return co_await service->Assets(call.auth, std::move(in.path));
      });
}

}  // namespace immich
