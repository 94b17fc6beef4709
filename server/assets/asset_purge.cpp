#include "server/assets/asset_purge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_data.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/system_config.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

constexpr std::string_view kLog = "AssetPurge";

bool WantsFilesGone(std::string_view job_data) {
  const json::Document document = json::Document::Parse(job_data);
  const boost::json::value* flag = document.root().as_object().if_contains("deleteOnDisk");
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

std::vector<std::string> FilesOf(std::string_view job_data) {
  const json::Document document = json::Document::Parse(job_data);
  std::vector<std::string> files;
  const boost::json::object* fields = document.root().if_object();
  const boost::json::value* list = fields == nullptr ? nullptr : fields->if_contains("files");
  if (list == nullptr || !list->is_array()) return files;
  for (const boost::json::value& item : list->get_array()) {
    if (!item.is_string()) continue;
    const std::string_view path = item.get_string();
    if (path.starts_with('/')) files.emplace_back(path);
  }
  return files;
}

}  // namespace

struct AssetPurge::Target {
  AssetId id;
  std::string original;
  /// An external file may be out of our reach; the asset goes all the same.
  bool is_external = false;
  std::optional<AssetId> live_video;
  bool removes_original = false;
  std::string sidecar;
  std::vector<std::string> generated;
  /// Set by End: the owner when the row is gone, and the video to purge next.
  std::optional<UserId> owner;
  std::optional<AssetId> parted_video;
};

TimePoint AssetPurge::TrashedBefore() const {
  const api::AdminConfigTrashDto& trash = config_.current().trash;
  return Now() - std::chrono::days(trash.enabled ? trash.days : 0);
}

Task<JobResult> AssetPurge::Delete(std::string_view job_data) {
  const AssetId id(ParseEntityJobData(job_data).id);
  const bool on_disk = WantsFilesGone(job_data);
  co_return co_await Purge(id, on_disk) ? JobResult::Success() : JobResult::Skipped();
}

Task<bool> AssetPurge::Purge(AssetId id, bool on_disk) {
  std::optional<Target> target = co_await Begin(id, on_disk);
  if (!target) co_return false;
  co_await RemoveFilesOf(*target);
  co_await End(*target, on_disk);
  if (target->owner) {
    std::vector<std::string> arguments{JsonId(id.value)};
    co_await events_.ToUser(*target->owner, "on_asset_delete", std::move(arguments));
  }
  if (target->parted_video) co_await Purge(*target->parted_video, on_disk);
  co_return true;
}

Task<std::optional<AssetPurge::Target>> AssetPurge::Begin(AssetId id, bool on_disk) {
  pg::Params params{id, on_disk, TrashedBefore()};
  const pg::Result begun = co_await db_.Run(sql::kPurgeBegin, std::move(params));
  if (begun.empty()) co_return std::nullopt;
  const pg::Row row = begun[0];
  Target target;
  target.id = id;
  target.original = row.Get<std::string>(0);
  target.is_external = row.Get<bool>(1);
  target.live_video = row.Find<AssetId>(2);
  target.removes_original = row.Get<bool>(3);
  target.sidecar = row.Get<std::string>(4);
  target.generated = row.Get<std::vector<std::string>>(5);
  co_return target;
}

Task<void> AssetPurge::RemoveFilesOf(const Target& target) {
  std::vector<std::string> files = target.generated;
  if (target.removes_original) {
    if (!target.sidecar.empty()) files.push_back(target.sidecar);
    files.push_back(target.original);
  }
  std::erase(files, std::string());
  co_await RunBlocking([files = std::move(files), is_external = target.is_external] {
    for (const std::string& file : files) {
      try {
        fs::RemoveFile(file);
      } catch (const fs::FileError& error) {
        if (!is_external) throw;
        log::Warn(kLog, "{}", error.detail());
      }
    }
  });
}

Task<void> AssetPurge::End(Target& target, bool on_disk) {
  std::string moved_to;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    target.owner.reset();
    target.parted_video.reset();
    if (target.live_video) {
      pg::Params lock{*target.live_video};
      co_await tx.Run(sql::kPurgeVideoLock, std::move(lock));
    }
    pg::Params member{target.id};
    const pg::Result stacks = co_await tx.Run(sql::kPurgeStackLock, std::move(member));
    for (const pg::Row stack : stacks) {
      pg::Params leave{target.id, stack.Get<Uuid>(0)};
      co_await tx.Run(sql::kPurgeStackLeave, std::move(leave));
    }
    pg::Params end{target.id};
    const pg::Result gone = co_await tx.Run(sql::kPurgeEnd, std::move(end));
    if (gone.empty()) co_return;
    target.owner = gone[0].Get<UserId>(0);
    moved_to = gone[0].Get<std::string>(1);
    if (!target.live_video) co_return;
    pg::Params mark{*target.live_video, on_disk};
    const pg::Result marked = co_await tx.Run(sql::kPurgeVideoMark, std::move(mark));
    if (!marked.empty()) target.parted_video = target.live_video;
  });
  // The storage template may have moved the original since Begin.
  if (!target.removes_original || !target.owner || moved_to == target.original) co_return;
  std::vector<std::string> files{moved_to};
  co_await RemoveFiles(std::move(files));
}

Task<std::int64_t> AssetPurge::QueueEach(const pg::Statement& ids, pg::Params params) {
  constexpr std::size_t kBatch = 1000;
  std::vector<JobSink::Request> batch;
  std::int64_t count = 0;
  std::string text(ids.text);
  co_await db_.Stream(std::move(text), std::move(params), [&](pg::Row row) -> Task<void> {
    std::string data = fmt::format(R"({{"id":"{}","deleteOnDisk":true}})", row.Get<Uuid>(0).ToString());
    batch.push_back({.name = "AssetDelete", .data = std::move(data), .options = {}});
    ++count;
    if (batch.size() < kBatch) co_return;
    co_await jobs_.Enqueue(std::exchange(batch, {}));
  });
  if (!batch.empty()) co_await jobs_.Enqueue(std::move(batch));
  co_return count;
}

Task<JobResult> AssetPurge::QueueDue() {
  pg::Params params{TrashedBefore()};
  const std::int64_t count = co_await QueueEach(sql::kAssetDueList, std::move(params));
  if (count > 0) log::Info(kLog, "{} assets leave the trash", count);
  co_return JobResult::Success();
}

Task<JobResult> AssetPurge::QueueMarked() {
  co_await QueueEach(sql::kAssetMarkedList, {});
  co_return JobResult::Success();
}

Task<JobResult> AssetPurge::DeleteFiles(std::string_view job_data) {
  std::vector<std::string> files = FilesOf(job_data);
  if (files.empty()) co_return JobResult::Skipped();
  pg::Params params{files};
  std::unordered_set<std::string> kept;
  for (const pg::Row row : co_await db_.Run(sql::kOriginalPathList, std::move(params)))
    kept.insert(row.Get<std::string>(0));
  for (const std::string& path : kept) log::Warn(kLog, "{} is not deleted, an asset refers to it", path);
  std::erase_if(files, [&](const std::string& path) { return kept.contains(path); });
  co_await RemoveFiles(std::move(files));
  co_return JobResult::Success();
}

}  // namespace immich::assets
