#include "server/server_info/server_info_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/server_version.hpp"
#include "server/core/system_config.hpp"

namespace immich::server_info {

namespace {

constexpr std::string_view kReleases = "https://github.com/immich-app/immich/releases";
// Lock of the original for the same purpose.
constexpr std::int64_t kVersionHistoryLock = 500;

std::optional<std::string> NonEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

void AddBuild(const config::Environment::Build& build, api::ServerAboutResponseDto& about) {
  about.build = NonEmpty(build.build);
  about.build_url = NonEmpty(build.build_url);
  about.build_image = NonEmpty(build.build_image);
  about.build_image_url = NonEmpty(build.build_image_url);
  about.repository = NonEmpty(build.repository);
  about.repository_url = NonEmpty(build.repository_url);
  about.source_ref = NonEmpty(build.source_ref);
  about.source_commit = NonEmpty(build.source_commit);
  about.source_url = NonEmpty(build.source_url);
  about.third_party_source_url = NonEmpty(build.third_party_source_url);
  about.third_party_bug_feature_url = NonEmpty(build.third_party_bug_feature_url);
  about.third_party_documentation_url = NonEmpty(build.third_party_documentation_url);
  about.third_party_support_url = NonEmpty(build.third_party_support_url);
}

std::string PackUsage(const std::vector<OwnerUsage>& usage) {
  static_assert(std::is_trivially_copyable_v<OwnerUsage>);
  return std::string(reinterpret_cast<const char*>(usage.data()), usage.size() * sizeof(OwnerUsage));
}

std::vector<OwnerUsage> UnpackUsage(std::string_view packed) {
  std::vector<OwnerUsage> usage(packed.size() / sizeof(OwnerUsage));
  if (!usage.empty()) std::memcpy(usage.data(), packed.data(), packed.size());
  return usage;
}

/// To one user's numbers, or to those of all.
template <class Numbers>
void AddUsage(const OwnerUsage& usage, Numbers& numbers) {
  numbers.photos += usage.photos;
  numbers.videos += usage.videos;
  numbers.usage += usage.all_bytes;
  numbers.usage_photos += usage.photo_bytes;
  numbers.usage_videos += usage.video_bytes;
}

}  // namespace

api::ServerVersionResponseDto Version() {
  api::ServerVersionResponseDto version;
  version.major = kServerVersion.major;
  version.minor = kServerVersion.minor;
  version.patch = kServerVersion.patch;
  return version;
}

api::ServerApkLinksDto ApkLinks() {
  const std::string folder = fmt::format("{}/download/v{}", kReleases, kServerVersionText);
  api::ServerApkLinksDto links;
  links.arm64v8a = folder + "/app-arm64-v8a-release.apk";
  links.armeabiv7a = folder + "/app-armeabi-v7a-release.apk";
  links.universal = folder + "/app-release.apk";
  links.x86_64 = folder + "/app-x86_64-release.apk";
  return links;
}

ServerInfoService::ServerInfoService(pg::Pool& db, const SystemConfig& config, const config::Environment& environment,
                                     std::shared_ptr<LibraryCache> library)
    : store_(db), metadata_(db), config_(config), environment_(environment), library_(std::move(library)) {}

Task<api::ServerAboutResponseDto> ServerInfoService::About() {
  api::ServerAboutResponseDto about;
  about.version = fmt::format("v{}", kServerVersionText);
  about.version_url = fmt::format("{}/tag/v{}", kReleases, kServerVersionText);
  AddBuild(environment_.build, about);
  ToolVersions tools = co_await tools_.Get();
  about.exiftool = std::move(tools.exiftool);
  about.ffmpeg = std::move(tools.ffmpeg);
  about.libvips = std::move(tools.libvips);
  const auto license = co_await metadata_.Find(system_metadata_key::kLicense);
  about.licensed = license.has_value();
  co_return about;
}

Task<api::ServerConfigDto> ServerInfoService::Config() {
  const SetupState setup = co_await store_.GetSetupState();
  const api::AdminConfigDto& config = config_.current();
  api::ServerConfigDto dto;
  dto.is_initialized = setup.has_admin;
  // A configuration file stands for what the introduction would ask.
  dto.is_onboarded = setup.is_onboarded || config_.is_from_file();
  dto.external_domain = config.server.external_domain;
  dto.login_page_message = config.server.login_page_message;
  dto.public_users = config.server.public_users;
  dto.map_dark_style_url = config.map.dark_style;
  dto.map_light_style_url = config.map.light_style;
  dto.min_faces = config.machine_learning.facial_recognition.min_faces;
  dto.oauth_account_management_url = config.oauth.account_management_url;
  dto.oauth_button_text = config.oauth.button_text;
  dto.trash_days = config.trash.days;
  dto.user_delete_delay = config.user.delete_delay;
  co_return dto;
}

Task<std::vector<OwnerUsage>> ServerInfoService::Usage(std::vector<UserId> owners) {
  auto compute = [store = store_]() mutable -> Task<std::string> {
    const std::vector<OwnerUsage> usage = co_await store.ListUsage();
    co_return PackUsage(usage);
  };
  const LibraryCache::Body packed = co_await library_->Get("server-usage", std::move(owners), compute);
  co_return UnpackUsage(packed->text());
}

Task<api::ServerStatsResponseDto> ServerInfoService::Statistics() {
  api::ServerStatsResponseDto total;
  total.usage_by_user = co_await store_.ListUsers();
  std::vector<UserId> owners;
  for (const api::UsageByUserDto& user : total.usage_by_user) owners.emplace_back(user.user_id);
  for (const OwnerUsage& usage : co_await Usage(std::move(owners))) {
    const auto user = std::ranges::find(total.usage_by_user, usage.owner, &api::UsageByUserDto::user_id);
    if (user == total.usage_by_user.end()) continue;
    AddUsage(usage, *user);
    AddUsage(usage, total);
  }
  co_return total;
}

Task<std::vector<api::ServerVersionHistoryResponseDto>> ServerInfoService::VersionHistory() {
  co_return co_await store_.ListVersions();
}

Task<api::VersionCheckStateResponseDto> ServerInfoService::VersionCheck() {
  VersionCheckState state = co_await metadata_.GetVersionCheckState();
  api::VersionCheckStateResponseDto dto;
  dto.checked_at = std::move(state.checked_at);
  dto.release_version = std::move(state.release_version);
  co_return dto;
}

Task<std::string> ServerInfoService::License() {
  auto license = co_await metadata_.Find(system_metadata_key::kLicense);
  if (!license) throw NotFound("Not Found");
  co_return std::move(*license);
}

Task<void> ServerInfoService::DeleteLicense() {
  co_await metadata_.Delete(system_metadata_key::kLicense);
}

Task<void> RecordServerVersion(pg::Pool& db) {
  const pg::Pool::AdvisoryLock lock = co_await db.WaitForAdvisoryLock(kVersionHistoryLock);
  ServerInfoStore store(db);
  co_await store.InsertVersionUnlessLast(std::string(kServerVersionText));
}

}  // namespace immich::server_info
