#include <memory>
#include <vector>

#include "api/server_api.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/system_config.hpp"
#include "server/server_info/disk_usage.hpp"
#include "server/server_info/media_type_list.hpp"
#include "server/server_info/server_features.hpp"
#include "server/server_info/server_info_feature.hpp"
#include "server/server_info/server_info_service.hpp"

namespace immich {

namespace {

using server_info::ServerInfoService;
using ServicePtr = std::shared_ptr<ServerInfoService>;

/// Answers that are the same for the life of the process.
void BindConstants(FeatureContext& context) {
  context.routes.On<api::PingServer>([](Call&, api::PingServer::Input) -> Task<api::ServerPingResponse> {
    api::ServerPingResponse pong;
    pong.res = "pong";
    co_return pong;
  });
  context.routes.On<api::GetServerVersion>(
      [](Call&, api::GetServerVersion::Input) -> Task<api::ServerVersionResponseDto> {
        co_return server_info::Version();
      });
  context.routes.On<api::GetApkLinks>(
      [](Call&, api::GetApkLinks::Input) -> Task<api::ServerApkLinksDto> { co_return server_info::ApkLinks(); });
  const auto types = std::make_shared<const std::string>(api::ToJson(server_info::MediaTypeList()));
  context.routes.OnResponse<api::GetSupportedMediaTypes>(
      [types](Call&, api::GetSupportedMediaTypes::Input) -> Task<http::Response> {
        co_return http::Response::Json(200, *types);
      });
}

void BindSettings(FeatureContext& context, const ServicePtr& service) {
  const SystemConfig& config = context.config;
  context.routes.On<api::GetServerFeatures>(
      [&config](Call&, api::GetServerFeatures::Input) -> Task<api::ServerFeaturesDto> {
        co_return server_info::Features(config.current(), config.is_from_file());
      });
  context.routes.On<api::GetServerConfig>([service](Call&, api::GetServerConfig::Input) -> Task<api::ServerConfigDto> {
    co_return co_await service->Config();
  });
  context.routes.OnPublic(http::Method::kGet, "/custom.css", [&config](http::Request&) -> Task<http::Response> {
    co_return http::Response::Text(200, "text/css; charset=utf-8", config.current().theme.custom_css);
  });
  context.routes.OnPublic(http::Method::kGet, "/.well-known/immich", [](http::Request&) -> Task<http::Response> {
    co_return http::Response::Json(200, R"({"api":{"endpoint":"/api"}})");
  });
}

void BindState(FeatureContext& context, const ServicePtr& service) {
  context.routes.On<api::GetAboutInfo>([service](Call&, api::GetAboutInfo::Input) -> Task<api::ServerAboutResponseDto> {
    co_return co_await service->About();
  });
  context.routes.On<api::GetServerStatistics>(
      [service](Call&, api::GetServerStatistics::Input) -> Task<api::ServerStatsResponseDto> {
        co_return co_await service->Statistics();
      });
  context.routes.On<api::GetVersionHistory>(
      [service](Call&, api::GetVersionHistory::Input) -> Task<std::vector<api::ServerVersionHistoryResponseDto>> {
        co_return co_await service->VersionHistory();
      });
  context.routes.On<api::GetVersionCheck>(
      [service](Call&, api::GetVersionCheck::Input) -> Task<api::VersionCheckStateResponseDto> {
        co_return co_await service->VersionCheck();
      });
  const std::string folder = context.paths.root();
  context.routes.On<api::GetStorage>([folder](Call&, api::GetStorage::Input) -> Task<api::ServerStorageResponseDto> {
    co_return server_info::Describe(co_await server_info::ReadDiskUsage(folder));
  });
}

void BindLicense(FeatureContext& context, const ServicePtr& service) {
  context.routes.OnResponse<api::GetServerLicense>(
      [service](Call&, api::GetServerLicense::Input) -> Task<http::Response> {
        std::string license = co_await service->License();
        co_return http::Response::Json(200, std::move(license));
      });
  context.routes.On<api::SetServerLicense>([](Call&, api::SetServerLicense::Input) -> Task<api::LicenseResponseDto> {
    // Keys are signatures that only the vendor of the original can check.
    throw BadRequest("Invalid license key");
    co_return api::LicenseResponseDto{};
  });
  context.routes.On<api::DeleteServerLicense>(
      [service](Call&, api::DeleteServerLicense::Input) -> Task<void> { co_await service->DeleteLicense(); });
}

}  // namespace

void RegisterServerInfo(FeatureContext& context) {
  auto service = std::make_shared<ServerInfoService>(context.db, context.config, context.environment, context.library);
  BindConstants(context);
  BindSettings(context, service);
  BindState(context, service);
  BindLicense(context, service);
}

}  // namespace immich
