#include "server/metadata/sidecar_service.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "media/mime/media_types.hpp"
#include "media/worker/media_protocol.hpp"
#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/pending_files.hpp"
#include "slice_metadata_sql.hpp"

namespace immich::metadata {

namespace {

/// The first that can be read, or empty.
Task<std::string> FirstReadable(std::vector<std::string> paths) {
  co_return co_await RunBlocking([paths = std::move(paths)] {
    const auto found =
        std::ranges::find_if(paths, [](const std::string& path) { return access(path.c_str(), R_OK) == 0; });
    return found == paths.end() ? std::string() : *found;
  });
}

/// The order without its paths; nullopt when nothing is locked that a sidecar can hold.
std::optional<media::SidecarOrder> OrderOf(const pg::Row& row) {
  const auto locked = row.Get<std::vector<std::string>>("locked");
  const auto is_locked = [&](std::string_view name) { return std::ranges::find(locked, name) != locked.end(); };
  media::SidecarOrder order;
  if (is_locked("description")) order.description = row.Find<std::string>("description").value_or("");
  if (is_locked("dateTimeOriginal") || is_locked("timeZone")) {
    order.date_time_original = row.Find<TimePoint>("dateTimeOriginal");
    order.time_zone = row.Find<std::string>("timeZone");
  }
  if (is_locked("latitude")) order.latitude = row.Find<double>("latitude");
  if (is_locked("longitude")) order.longitude = row.Find<double>("longitude");
  if (is_locked("rating")) order.rating = row.Find<int>("rating").value_or(0);
  if (is_locked("tags")) order.tags = row.Get<std::vector<std::string>>("tags");
  const bool any =
      order.description || order.date_time_original || order.latitude || order.longitude || order.rating || order.tags;
  return any ? std::optional(std::move(order)) : std::nullopt;
}

}  // namespace

std::vector<std::string> SidecarCandidates(const std::string& original_path, const std::string& stored_path) {
  std::vector<std::string> paths;
  if (!stored_path.empty()) paths.push_back(stored_path);
  paths.push_back(original_path + ".xmp");
  paths.push_back(original_path.substr(0, original_path.size() - media::FileExtension(original_path).size()) + ".xmp");
  return paths;
}

Task<JobResult> SidecarService::Check(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kSidecarSourceGet, std::move(params));
  if (rows.empty()) co_return JobResult::Skipped();
  const auto stored = rows[0].Find<std::string>("sidecar").value_or("");
  const std::string found = co_await FirstReadable(SidecarCandidates(rows[0].Get<std::string>(0), stored));
  if (found == stored) co_return JobResult::Skipped();
  if (found.empty()) {
    pg::Params gone{asset};
    co_await db_.Run(sql::kSidecarPathDelete, std::move(gone));
  } else {
    pg::Params path{asset, found};
    co_await db_.Run(sql::kSidecarPathStore, std::move(path));
  }
  co_return JobResult::Success();
}

Task<JobResult> SidecarService::Write(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kSidecarSourceGet, std::move(params));
  if (rows.empty()) co_return JobResult::Skipped();
  std::optional<media::SidecarOrder> order = OrderOf(rows[0]);
  if (!order) co_return JobResult::Skipped();
  const auto stored = rows[0].Find<std::string>("sidecar").value_or("");
  const std::string target = stored.empty() ? rows[0].Get<std::string>(0) + ".xmp" : stored;
  PendingFiles files;
  // A file that is there without a row (copied by hand) is kept, too.
  order->base = co_await FirstReadable({target});
  order->target = files.Add(target);
  const auto report = co_await media_.Run(std::move(*order));
  if (!report) throw InternalError(report.error().message);
  co_await files.Publish();
  if (stored.empty()) {
    pg::Params path{asset, target};
    co_await db_.Run(sql::kSidecarPathStore, std::move(path));
  }
  pg::Params unlock{asset, rows[0].Get<Uuid>("updateId")};
  co_await db_.Run(sql::kSidecarUnlock, std::move(unlock));
  co_return JobResult::Success();
}

Task<JobResult> SidecarService::QueueAll(bool all) {
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kSidecarAssetsList, std::move(params), "SidecarCheck");
  co_return JobResult::Success();
}

}  // namespace immich::metadata
