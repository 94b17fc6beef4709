#include <memory>

#include "api/assets_api.hpp"
#include "server/assets/asset_feature.hpp"
#include "server/assets/asset_media.hpp"
#include "server/assets/asset_service.hpp"
#include "server/assets/asset_upload.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

namespace {

using assets::UploadOutcome;

http::Response ToResponse(const UploadOutcome& outcome) {
  const bool created = outcome.kind == UploadOutcome::Kind::kCreated;
  api::AssetMediaResponseDto dto;
  dto.id = outcome.id.value;
  dto.status = created ? api::AssetMediaStatus::kCreated : api::AssetMediaStatus::kDuplicate;
  return http::Response::Json(created ? 201 : 200, api::ToJson(dto));
}

void BindUpload(FeatureContext& context) {
  auto upload = std::make_shared<assets::AssetUpload>(context.db, context.jobs, context.events, context.paths);
  context.routes.OnResponse<api::UploadAsset>([upload](Call& call, api::UploadAsset::Input input) -> Task<http::Response> {
    // Compat: POST /assets: a link without uploads is refused as if there were no credentials.
    if (call.auth.shared_link && !call.auth.shared_link->allow_upload) throw Unauthorized("Unauthorized");
    if (input.x_immich_checksum) {
      if (const auto known = co_await upload->FindByChecksumHeader(call.auth, *input.x_immich_checksum)) {
        const UploadOutcome duplicate{UploadOutcome::Kind::kDuplicate, *known};
        co_return ToResponse(duplicate);
      }
    }
    const UploadOutcome outcome = co_await upload->Receive(call.auth, call.request);
    co_return ToResponse(outcome);
  });
}

void BindMedia(FeatureContext& context) {
  auto media = std::make_shared<assets::AssetMedia>(context.db, context.access);
  context.routes.OnResponse<api::DownloadAsset>([media](Call& call, api::DownloadAsset::Input input) -> Task<http::Response> {
    co_return co_await media->Original(call.auth, AssetId(input.id), input.edited.value_or(false));
  });
  context.routes.OnResponse<api::ViewAsset>([media](Call& call, api::ViewAsset::Input input) -> Task<http::Response> {
    co_return co_await media->Image(call.auth, AssetId(input.id), input.size.value_or(api::AssetMediaSize::kThumbnail),
                                    input.edited.value_or(false), call.request);
  });
  context.routes.OnResponse<api::PlayAssetVideo>([media](Call& call, api::PlayAssetVideo::Input input) -> Task<http::Response> {
    co_return co_await media->Video(call.auth, AssetId(input.id));
  });
}

void BindReading(FeatureContext& context) {
  auto service = std::make_shared<assets::AssetService>(context.db, context.access);
  context.routes.OnResponse<api::GetAssetInfo>([service](Call& call, api::GetAssetInfo::Input input) -> Task<http::Response> {
    std::string body = co_await service->Get(call.auth, AssetId(input.id));
    co_return http::Response::Json(200, std::move(body));
  });
  context.routes.On<api::CheckBulkUpload>(
      [service](Call& call, api::CheckBulkUpload::Input input) -> Task<api::AssetBulkUploadCheckResponseDto> {
        co_return co_await service->CheckBulkUpload(call.auth, std::move(input.body));
      });
  context.routes.On<api::GetAssetStatistics>(
      [service](Call& call, api::GetAssetStatistics::Input input) -> Task<api::AssetStatsResponseDto> {
        co_return co_await service->Statistics(call.auth, input);
      });
}

}  // namespace

void RegisterAssets(FeatureContext& context) {
  BindUpload(context);
  BindMedia(context);
  BindReading(context);
}

}  // namespace immich
