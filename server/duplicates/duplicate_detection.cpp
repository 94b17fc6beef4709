#include "server/duplicates/duplicate_detection.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "platform/error/error.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/system_config.hpp"
#include "server/core/vector_walk.hpp"
#include "slice_duplicates_sql.hpp"

namespace immich::duplicates {

namespace {

constexpr std::int64_t kMaxNear = 64;

bool IsOn(const api::AdminConfigMachineLearningDto& config) {
  return config.enabled && config.clip.enabled && config.duplicate_detection.enabled;
}

struct Source {
  UserId owner;
  std::string type;
  bool is_left_out = false;
  std::optional<Uuid> group;
  std::optional<std::string> vector;
};

Task<std::optional<Source>> Load(pg::Db& db, AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db.Run(sql::kDuplicateSourceGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  Source source;
  source.owner = rows[0].Get<UserId>(0);
  source.type = rows[0].Get<std::string>(1);
  const auto visibility = rows[0].Get<std::string_view>(2);
  source.is_left_out = visibility == "hidden" || visibility == "locked" || rows[0].Get<bool>(3);
  source.group = rows[0].Find<Uuid>(4);
  source.vector = rows[0].Find<std::string>(5);
  co_return source;
}

Task<void> Group(pg::Transaction& tx, AssetId asset, const Source& source, double max_distance) {
  co_await tx.RunDynamic(VectorWalkSettings(kMaxNear));
  pg::Params near{asset, source.owner, source.type, *source.vector, max_distance};
  std::vector<AssetId> members{asset};
  std::vector<Uuid> groups;
  if (source.group) groups.push_back(*source.group);
  for (const pg::Row row : co_await tx.Run(sql::kDuplicateNearList, std::move(near))) {
    members.push_back(row.Get<AssetId>(0));
    const std::optional<Uuid> group = row.Find<Uuid>(1);
    if (group && std::ranges::find(groups, *group) == groups.end()) groups.push_back(*group);
  }
  if (members.size() == 1) {
    pg::Params alone{asset};
    co_await tx.Run(sql::kDuplicateAssetClear, std::move(alone));
  } else {
    const Uuid group = groups.empty() ? Uuid::Random() : groups.front();
    pg::Params joined{source.owner, group, members, groups};
    co_await tx.Run(sql::kDuplicateGroupSet, std::move(joined));
  }
  pg::Params done{members};
  co_await tx.Run(sql::kDuplicateDone, std::move(done));
}

}  // namespace

Task<JobResult> DuplicateDetection::Detect(AssetId asset) {
  const auto config = config_.current().machine_learning;
  if (!IsOn(config)) co_return JobResult::Skipped();
  const std::optional<Source> known = co_await Load(db_, asset);
  if (!known || known->is_left_out) co_return JobResult::Skipped();
  if (!known->vector) throw InternalError("no vector to compare");
  const double max_distance = config.duplicate_detection.max_distance;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params owner{known->owner};
    co_await tx.Run(sql::kDuplicateOwnerLock, std::move(owner));
    const std::optional<Source> source = co_await Load(tx, asset);
    if (source && !source->is_left_out && source->vector) co_await Group(tx, asset, *source, max_distance);
  });
  co_return JobResult::Success();
}

Task<JobResult> DuplicateDetection::QueueAll(bool all) {
  if (!IsOn(config_.current().machine_learning)) co_return JobResult::Skipped();
  pg::Params params{all};
  co_await EnqueueForEach(db_, jobs_, sql::kDuplicateAssetsList, std::move(params), "AssetDetectDuplicates");
  co_return JobResult::Success();
}

}  // namespace immich::duplicates
