#include <memory>

#include "api/system_metadata_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/system_config.hpp"
#include "server/core/system_metadata.hpp"
#include "server/system_metadata/system_metadata_feature.hpp"

namespace immich {

namespace {

void BindOnboarding(FeatureContext& context, const std::shared_ptr<SystemMetadata>& metadata) {
  const SystemConfig& config = context.config;
  context.routes.On<api::GetAdminOnboarding>(
      [metadata, &config](Call&, api::GetAdminOnboarding::Input) -> Task<api::AdminOnboardingUpdateDto> {
        api::AdminOnboardingUpdateDto onboarding;
        // A configuration file stands for what the introduction would ask.
        onboarding.is_onboarded = config.is_from_file() || co_await metadata->IsOnboarded();
        co_return onboarding;
      });
  context.routes.On<api::UpdateAdminOnboarding>(
      [metadata](Call&, api::UpdateAdminOnboarding::Input input) -> Task<void> {
        const std::string value = input.body.is_onboarded ? R"({"isOnboarded":true})" : R"({"isOnboarded":false})";
        co_await metadata->Set(system_metadata_key::kAdminOnboarding, value);
      });
}

void BindStates(FeatureContext& context, const std::shared_ptr<SystemMetadata>& metadata) {
  context.routes.On<api::GetReverseGeocodingState>(
      [metadata](Call&, api::GetReverseGeocodingState::Input) -> Task<api::ReverseGeocodingStateResponseDto> {
        ReverseGeocodingState state = co_await metadata->GetReverseGeocodingState();
        api::ReverseGeocodingStateResponseDto dto;
        dto.last_update = std::move(state.last_update);
        dto.last_import_file_name = std::move(state.last_import_file_name);
        co_return dto;
      });
  context.routes.On<api::GetVersionCheckState>(
      [metadata](Call&, api::GetVersionCheckState::Input) -> Task<api::VersionCheckStateResponseDto> {
        VersionCheckState state = co_await metadata->GetVersionCheckState();
        api::VersionCheckStateResponseDto dto;
        dto.checked_at = std::move(state.checked_at);
        dto.release_version = std::move(state.release_version);
        co_return dto;
      });
}

}  // namespace

void RegisterSystemMetadata(FeatureContext& context) {
  auto metadata = std::make_shared<SystemMetadata>(context.db);
  BindOnboarding(context, metadata);
  BindStates(context, metadata);
}

}  // namespace immich
