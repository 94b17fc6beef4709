#include "server/storage_template/storage_template_service.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/empty_folders.hpp"
#include "server/core/system_config.hpp"
#include "server/storage_template/storage_template_store.hpp"

namespace immich::storage_template {

namespace {

constexpr std::string_view kLog = "StorageTemplate";

bool UsesAlbumDates(const PathTemplate& path_template) {
  return std::ranges::any_of(path_template.Names(), [](const std::string& name) { return name.starts_with("album-"); });
}

/// The first name that is free: `base.ext`, `base+1.ext` …, starting with number `from`.
std::pair<std::string, int> FreeName(const std::string& base, const std::string& extension, int from) {
  for (int number = from;; ++number) {
    std::string name =
        number == 0 ? fmt::format("{}.{}", base, extension) : fmt::format("{}+{}.{}", base, number, extension);
    if (access(name.c_str(), F_OK) != 0) return {std::move(name), number};
  }
}

std::string Reason(const Error& error) {
  const auto* internal = dynamic_cast<const InternalError*>(&error);
  return internal != nullptr ? internal->detail() : error.what();
}

}  // namespace

Task<std::string> StorageTemplateService::PlaceOriginal(const TemplateAsset& asset, const PathTemplate& path_template) {
  std::string current = asset.original_path;
  const std::optional<std::string> base = LibraryPath(path_template, asset, paths_);
  if (!base) {
    log::Warn(kLog, "The template leads asset {} out of its library folder", asset.id.ToString());
    co_return current;
  }
  const std::string extension = LibraryExtension(current);
  if (IsNumberedVariant(current, *base, extension)) co_return current;
  const auto sha1 = config_.current().storage_template.hash_verification_enabled ? asset.sha1 : std::nullopt;
  for (int number = 0;; ++number) {
    std::string target;
    std::tie(target, number) = co_await RunBlocking([=] { return FreeName(*base, extension, number); });
    FileMove move{.entity = asset.id.value, .path_type = "original", .from = current, .to = target, .sha1 = sha1};
    // False: somebody else took the name since; the next one.
    if (co_await mover_.Move(std::move(move))) co_return target;
  }
}

Task<void> StorageTemplateService::Place(TemplateAsset asset, const PathTemplate& path_template) {
  if (asset.is_external || paths_.IsMotionVideo(asset.original_path)) co_return;
  if (!asset.size_bytes) {
    log::Warn(kLog, "Asset {} is not moved before its metadata is known", asset.id.ToString());
    co_return;
  }
  try {
    const std::string place = co_await PlaceOriginal(asset, path_template);
    if (!asset.sidecar_path) co_return;
    FileMove move{.entity = asset.id.value, .path_type = "sidecar", .from = *asset.sidecar_path, .to = place + ".xmp"};
    if (!co_await mover_.Move(std::move(move))) log::Warn(kLog, "{}.xmp is taken, the sidecar stays", place);
  } catch (const Error& error) {
    log::Error(kLog, "Asset {} stays at {}: {}", asset.id.ToString(), asset.original_path, Reason(error));
  }
}

/// False when the asset is gone.
Task<bool> StorageTemplateService::Migrate(AssetId id, const PathTemplate& path_template) {
  const bool with_dates = UsesAlbumDates(path_template);
  StorageTemplateStore store(db_);
  co_await mover_.Recover(id.value, "original");
  std::optional<TemplateAsset> asset = co_await store.FindAsset(id, with_dates);
  if (!asset) co_return false;
  // The moving part goes where its still is, whichever of the two is asked for.
  std::optional<TemplateAsset> still =
      asset->still ? co_await store.FindAsset(*asset->still, with_dates) : std::nullopt;
  if (still) {
    co_await Place(AsPartOf(*asset, *still), path_template);
    co_return true;
  }
  co_await Place(*asset, path_template);
  if (asset->live_video) {
    co_await mover_.Recover(asset->live_video->value, "original");
    const std::optional<TemplateAsset> video = co_await store.FindAsset(*asset->live_video, false);
    if (video) co_await Place(AsPartOf(*video, *asset), path_template);
  }
  co_return true;
}

Task<JobResult> StorageTemplateService::MigrateOne(AssetId asset) {
  if (!config_.current().storage_template.enabled) co_return JobResult::Skipped();
  const PathTemplate path_template = PathTemplate::Parse(config_.current().storage_template.template_);
  co_return co_await Migrate(asset, path_template) ? JobResult::Success() : JobResult::Skipped();
}

Task<JobResult> StorageTemplateService::MigrateAll() {
  constexpr int kBatch = 1000;
  if (!config_.current().storage_template.enabled) co_return JobResult::Skipped();
  const PathTemplate path_template = PathTemplate::Parse(config_.current().storage_template.template_);
  StorageTemplateStore store(db_);
  AssetId last;
  for (;;) {
    const std::vector<AssetId> ids = co_await store.ListAssets(last, kBatch);
    if (ids.empty()) break;
    for (const AssetId id : ids) co_await Migrate(id, path_template);
    last = ids.back();
  }
  const std::string library = paths_.Folder(StorageFolder::kLibrary);
  co_await RunBlocking([library] { RemoveEmptyFolders(library); });
  co_return JobResult::Success();
}

}  // namespace immich::storage_template
