#include <memory>

#include "api/asset_files_api.hpp"
#include "api/assets_api.hpp"
#include "server/assets/asset_change.hpp"
#include "server/assets/asset_copy.hpp"
#include "server/assets/asset_entries.hpp"
#include "server/assets/asset_feature.hpp"
#include "server/assets/asset_file_service.hpp"
#include "server/assets/asset_media.hpp"
#include "server/assets/asset_removal.hpp"
#include "server/assets/asset_service.hpp"
#include "server/assets/asset_upload.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

namespace {

using assets::AssetService;
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
  context.routes.OnResponse<api::UploadAsset>(
      [upload](Call& call, api::UploadAsset::Input input) -> Task<http::Response> {
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
  auto media = std::make_shared<assets::AssetMedia>(context.db, context.access, context.rows);
  context.routes.OnResponse<api::DownloadAsset>(
      [media](Call& call, api::DownloadAsset::Input input) -> Task<http::Response> {
        co_return co_await media->Original(call.auth, AssetId(input.id), input.edited.value_or(false));
      });
  context.routes.OnResponse<api::ViewAsset>([media](Call& call, api::ViewAsset::Input input) -> Task<http::Response> {
    co_return co_await media->Image(call.auth, AssetId(input.id), input.size.value_or(api::AssetMediaSize::kThumbnail),
                                    input.edited.value_or(false), call.request);
  });
  context.routes.OnResponse<api::PlayAssetVideo>(
      [media](Call& call, api::PlayAssetVideo::Input input) -> Task<http::Response> {
        co_return co_await media->Video(call.auth, AssetId(input.id));
      });
}

void BindReading(FeatureContext& context, const std::shared_ptr<AssetService>& service) {
  context.routes.On<api::GetAssetInfo>(
      [service](Call& call, api::GetAssetInfo::Input in) -> Task<api::AssetResponseDto> {
        co_return co_await service->Get(call.auth, AssetId(in.id));
      });
  context.routes.On<api::CheckBulkUpload>(
      [service](Call& call, api::CheckBulkUpload::Input in) -> Task<api::AssetBulkUploadCheckResponseDto> {
        co_return co_await service->CheckBulkUpload(call.auth, std::move(in.body));
      });
  context.routes.OnResponse<api::GetAssetStatistics>(
      [service](Call& call, api::GetAssetStatistics::Input in) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Statistics(call.auth, in);
        co_return co_await http::KeptBody::Respond(call.request, 200, body);
      });
  context.routes.On<api::RunAssetJobs>([service](Call& call, api::RunAssetJobs::Input in) -> Task<void> {
    co_await service->RunJobs(call.auth, std::move(in.body));
  });
}

void BindChanging(FeatureContext& context, const std::shared_ptr<AssetService>& service) {
  auto change =
      std::make_shared<assets::AssetChange>(context.db, context.access, context.jobs, context.events, context.paths);
  context.routes.On<api::UpdateAsset>([=](Call& call, api::UpdateAsset::Input in) -> Task<api::AssetResponseDto> {
    const AssetId id(in.id);
    co_await change->Update(call.auth, id, std::move(in.body));
    // Also when it is locked now and the session is not elevated.
    co_return co_await service->View(call.auth, id);
  });
  context.routes.On<api::UpdateAssets>([change](Call& call, api::UpdateAssets::Input in) -> Task<void> {
    co_await change->UpdateMany(call.auth, std::move(in.body));
  });
  auto removal = std::make_shared<assets::AssetRemoval>(context.db, context.access, context.jobs, context.events);
  context.routes.On<api::DeleteAssets>([removal](Call& call, api::DeleteAssets::Input in) -> Task<void> {
    std::vector<AssetId> ids(in.body.ids.begin(), in.body.ids.end());
    co_await removal->Remove(call.auth, std::move(ids), in.body.force.value_or(false));
  });
  auto copy = std::make_shared<assets::AssetCopy>(context.db, context.access, context.jobs);
  context.routes.On<api::CopyAsset>(
      [copy](Call& call, api::CopyAsset::Input in) -> Task<void> { co_await copy->Copy(call.auth, in.body); });
}

void BindEntries(FeatureContext& context) {
  auto entries = std::make_shared<assets::AssetEntries>(context.db, context.access);
  context.routes.On<api::GetAssetMetadata>(
      [entries](Call& call, api::GetAssetMetadata::Input in) -> Task<std::vector<api::AssetMetadataResponseDto>> {
        co_return co_await entries->List(call.auth, AssetId(in.id));
      });
  context.routes.On<api::GetAssetMetadataByKey>(
      [entries](Call& call, api::GetAssetMetadataByKey::Input in) -> Task<api::AssetMetadataResponseDto> {
        co_return co_await entries->Get(call.auth, AssetId(in.id), std::move(in.key));
      });
  context.routes.On<api::UpdateAssetMetadata>(
      [entries](Call& call, api::UpdateAssetMetadata::Input in) -> Task<std::vector<api::AssetMetadataResponseDto>> {
        co_return co_await entries->Set(call.auth, AssetId(in.id), std::move(in.body.items));
      });
  context.routes.On<api::UpdateBulkAssetMetadata>(
      [entries](Call& call,
                api::UpdateBulkAssetMetadata::Input in) -> Task<std::vector<api::AssetMetadataBulkResponseDto>> {
        co_return co_await entries->SetMany(call.auth, std::move(in.body.items));
      });
  context.routes.On<api::DeleteAssetMetadata>([entries](Call& call, api::DeleteAssetMetadata::Input in) -> Task<void> {
    std::vector<api::AssetMetadataBulkDeleteItemDto> one;
    one.push_back({in.id, std::move(in.key)});
    co_await entries->Delete(call.auth, std::move(one));
  });
  context.routes.On<api::DeleteBulkAssetMetadata>(
      [entries](Call& call, api::DeleteBulkAssetMetadata::Input in) -> Task<void> {
        co_await entries->Delete(call.auth, std::move(in.body.items));
      });
}

void BindFiles(FeatureContext& context) {
  auto files = std::make_shared<assets::AssetFileService>(context.db, context.access);
  context.routes.On<api::SearchAssetFiles>(
      [files](Call& call, api::SearchAssetFiles::Input in) -> Task<std::vector<api::AssetFileResponseDto>> {
        co_return co_await files->Search(call.auth, in);
      });
  context.routes.On<api::GetAssetFile>(
      [files](Call& call, api::GetAssetFile::Input in) -> Task<api::AssetFileResponseDto> {
        co_return co_await files->Get(call.auth, api::Permission::kAssetFileRead, in.id);
      });
  context.routes.OnResponse<api::DownloadAssetFile>([files](Call& call,
                                                            api::DownloadAssetFile::Input in) -> Task<http::Response> {
    const api::AssetFileResponseDto file = co_await files->Get(call.auth, api::Permission::kAssetFileDownload, in.id);
    co_return assets::ServeMedia(file.path, file.path.substr(file.path.rfind('/') + 1));
  });
  context.routes.On<api::DeleteAssetFile>(
      [files](Call& call, api::DeleteAssetFile::Input in) -> Task<void> { co_await files->Delete(call.auth, in.id); });
}

}  // namespace

void RegisterAssets(FeatureContext& context) {
  BindUpload(context);
  BindMedia(context);
  auto service = std::make_shared<AssetService>(context.db, context.access, context.jobs, context.library);
  BindReading(context, service);
  BindChanging(context, service);
  BindEntries(context);
  BindFiles(context);
}

}  // namespace immich
