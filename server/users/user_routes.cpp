#include <memory>

#include "api/users_admin_api.hpp"
#include "api/users_api.hpp"
#include "platform/error/error.hpp"
#include "server/core/account_store.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/user_preferences.hpp"
#include "server/users/calendar_heatmap.hpp"
#include "server/users/profile_image_service.hpp"
#include "server/users/user_feature.hpp"
#include "server/users/user_service.hpp"

namespace immich {

namespace {

using users::ProfileImageService;
using users::UserService;
using Preferences = api::UserPreferencesResponseDto;
using Heatmap = api::CalendarHeatmapResponseDto;

void BindAccounts(RouteBinder& routes, const std::shared_ptr<UserService>& service) {
  routes.On<api::GetMyUser>([service](Call& call, api::GetMyUser::Input) -> Task<api::UserAdminResponseDto> {
    co_return co_await service->GetMe(call.auth);
  });
  routes.On<api::UpdateMyUser>([service](Call& call, api::UpdateMyUser::Input in) -> Task<api::UserAdminResponseDto> {
    co_return co_await service->UpdateMe(call.auth, std::move(in.body));
  });
  routes.On<api::SearchUsers>(
      [service](Call& call, api::SearchUsers::Input) -> Task<std::vector<api::UserResponseDto>> {
        co_return co_await service->Search(call.auth);
      });
  routes.On<api::GetUser>([service](Call&, api::GetUser::Input in) -> Task<api::UserResponseDto> {
    co_return co_await service->Get(UserId(in.id));
  });
}

void BindOnboardingAndLicense(RouteBinder& routes, const std::shared_ptr<UserService>& service) {
  routes.On<api::GetUserOnboarding>(
      [service](Call& call, api::GetUserOnboarding::Input) -> Task<api::OnboardingResponseDto> {
        co_return co_await service->GetOnboarding(call.auth);
      });
  routes.On<api::SetUserOnboarding>(
      [service](Call& call, api::SetUserOnboarding::Input in) -> Task<api::OnboardingResponseDto> {
        co_return co_await service->SetOnboarding(call.auth, in.body);
      });
  routes.On<api::DeleteUserOnboarding>([service](Call& call, api::DeleteUserOnboarding::Input) -> Task<void> {
    co_await service->DeleteOnboarding(call.auth);
  });
  routes.On<api::GetUserLicense>([service](Call& call, api::GetUserLicense::Input) -> Task<api::UserLicense> {
    co_return co_await service->GetLicense(call.auth);
  });
  routes.On<api::SetUserLicense>([](Call&, api::SetUserLicense::Input) -> Task<api::UserLicense> {
    // Keys are signed by the original's makers and we have no key to check that with, so none is accepted.
    throw BadRequest("Invalid license key");
    co_return api::UserLicense{};
  });
  routes.On<api::DeleteUserLicense>([service](Call& call, api::DeleteUserLicense::Input) -> Task<void> {
    co_await service->DeleteLicense(call.auth);
  });
}

void BindPreferences(RouteBinder& routes, pg::Pool& db) {
  routes.On<api::GetMyPreferences>([&db](Call& call, api::GetMyPreferences::Input) -> Task<Preferences> {
    co_return co_await LoadPreferences(db, call.auth.user.id);
  });
  routes.On<api::UpdateMyPreferences>([&db](Call& call, api::UpdateMyPreferences::Input in) -> Task<Preferences> {
    co_return co_await ChangePreferences(db, call.auth.user.id, std::move(in.body));
  });
  routes.On<api::GetUserPreferencesAdmin>([&db](Call&, api::GetUserPreferencesAdmin::Input in) -> Task<Preferences> {
    AccountStore accounts{db};
    co_await accounts.Get(UserId(in.id), true);
    co_return co_await LoadPreferences(db, UserId(in.id));
  });
  routes.On<api::UpdateUserPreferencesAdmin>(
      [&db](Call&, api::UpdateUserPreferencesAdmin::Input in) -> Task<Preferences> {
        AccountStore accounts{db};
        co_await accounts.Get(UserId(in.id));
        co_return co_await ChangePreferences(db, UserId(in.id), std::move(in.body));
      });
}

void BindHeatmaps(RouteBinder& routes, pg::Pool& db) {
  routes.On<api::GetMyCalendarHeatmap>([&db](Call& call, api::GetMyCalendarHeatmap::Input in) -> Task<Heatmap> {
    users::HeatmapRequest request{std::move(in.from), std::move(in.to), in.type};
    co_return co_await users::LoadHeatmap(db, call.auth.user.id, std::move(request));
  });
  routes.On<api::GetUserCalendarHeatmapAdmin>(
      [&db](Call&, api::GetUserCalendarHeatmapAdmin::Input in) -> Task<Heatmap> {
        AccountStore accounts{db};
        co_await accounts.Get(UserId(in.id), true);
        users::HeatmapRequest request{std::move(in.from), std::move(in.to), in.type};
        co_return co_await users::LoadHeatmap(db, UserId(in.id), std::move(request));
      });
}

void BindPictures(RouteBinder& routes, const std::shared_ptr<ProfileImageService>& service) {
  routes.OnResponse<api::CreateProfileImage>(
      [service](Call& call, api::CreateProfileImage::Input) -> Task<http::Response> {
        const auto made = co_await service->Create(call.auth, call.request);
        co_return http::Response::Json(api::CreateProfileImage::kRoute.status, api::ToJson(made));
      });
  routes.On<api::DeleteProfileImage>(
      [service](Call& call, api::DeleteProfileImage::Input) -> Task<void> { co_await service->Delete(call.auth); });
  routes.OnResponse<api::GetProfileImage>([service](Call&, api::GetProfileImage::Input in) -> Task<http::Response> {
    co_return co_await service->Get(UserId(in.id));
  });
}

/// Profile pictures are rare and small: one child, gone soon after.
std::shared_ptr<MediaWorkers> MakePictureWorkers(const boost::asio::any_io_executor& executor) {
  MediaWorkerOptions options;
  options.max_children = 1;
  options.time_limit = std::chrono::minutes(1);
  return std::make_shared<MediaWorkers>(executor, std::move(options));
}

}  // namespace

void RegisterUsers(FeatureContext& context) {
  auto sessions = std::make_shared<SessionRegistry>(context.executor, context.db, context.events);
  auto service = std::make_shared<UserService>(context.db, std::move(sessions), context.config);
  BindAccounts(context.routes, service);
  BindOnboardingAndLicense(context.routes, service);
  BindPreferences(context.routes, context.db);
  BindHeatmaps(context.routes, context.db);
  BindPictures(context.routes, std::make_shared<ProfileImageService>(context.db, context.config, context.paths,
                                                                     MakePictureWorkers(context.executor)));
}

}  // namespace immich
