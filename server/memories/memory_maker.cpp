#include "server/memories/memory_maker.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "platform/json/json_parse.hpp"
#include "server/core/system_metadata.hpp"
#include "slice_memories_sql.hpp"

namespace immich::memories {

namespace {

using std::chrono::days;

// Shared with the original: where the last day that was done is kept.
constexpr std::string_view kStateKey = "memories-state";
constexpr const char* kLastDay = "lastOnThisDayDate";
// The lock of the original for the same purpose.
constexpr std::int64_t kMemoryLock = 777;

std::optional<TimePoint> LastDayOf(const std::optional<std::string>& state) {
  if (!state) return std::nullopt;
  const json::Document document = json::Document::Parse(*state);
  const auto* fields = document.root().if_object();
  const auto* day = fields == nullptr ? nullptr : fields->if_contains(kLastDay);
  return day != nullptr && day->is_string() ? ParseIso(std::string_view(day->get_string())) : std::nullopt;
}

}  // namespace

Task<void> MemoryMaker::Generate(TimePoint now) {
  const pg::Pool::AdvisoryLock lock = co_await db_.WaitForAdvisoryLock(kMemoryLock);
  const std::optional<TimePoint> done = LastDayOf(co_await SystemMetadata(db_).Find(kStateKey));
  const auto today = std::chrono::floor<days>(now);
  for (int offset = -kDaysAround; offset <= kDaysAround; ++offset) {
    const TimePoint day = today + days(offset);
    if (done && *done >= day) continue;
    const std::string state = fmt::format(R"({{"{}":"{}"}})", kLastDay, ToIsoString(day));
    co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      pg::Params params{ToIsoDate(day), kMaxAssets};
      co_await tx.Run(sql::kMemoryGenerate, std::move(params));
      co_await SystemMetadata(tx).Set(kStateKey, state);
    });
  }
}

Task<void> MemoryMaker::CleanUp(TimePoint now) {
  pg::Params params{now - kKeepFor};
  co_await db_.Run(sql::kMemoryCleanUp, std::move(params));
}

}  // namespace immich::memories
