#include "server/users/calendar_heatmap.hpp"

#include <unordered_map>

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "slice_users_sql.hpp"

namespace immich::users {

namespace {

using std::chrono::days;
using Day = std::chrono::sys_days;

Day ParseDay(const std::string& text) {
  const auto time = ParseIsoDate(text);
  if (!time) throw BadRequest("Invalid date");
  return std::chrono::floor<days>(*time);
}

}  // namespace

Task<api::CalendarHeatmapResponseDto> LoadHeatmap(pg::Db& db, UserId user, HeatmapRequest request) {
  const Day to = request.to ? ParseDay(*request.to) : std::chrono::floor<days>(Now());
  const Day from = request.from ? ParseDay(*request.from) : to - kHeatmapSpan;
  if (from > to) throw BadRequest("from must not be after to");
  if (to - from > kMaxHeatmapSpan) throw BadRequest("The range of days is too long");

  const auto& statement =
      request.type == api::CalendarHeatmapType::kTaken ? sql::kUserHeatmapTaken : sql::kUserHeatmapUploaded;
  pg::Params params{user, TimePoint(from), TimePoint(to + days(1))};
  std::unordered_map<std::int64_t, std::int64_t> counts;
  for (const pg::Row row : co_await db.Run(statement, std::move(params))) {
    const Day day = std::chrono::floor<days>(row.Get<TimePoint>(0));
    counts[day.time_since_epoch().count()] = row.Get<std::int64_t>(1);
  }

  api::CalendarHeatmapResponseDto heatmap;
  heatmap.from = ToIsoDate(from);
  heatmap.to = ToIsoDate(to);
  heatmap.series.reserve(static_cast<std::size_t>((to - from).count() + 1));
  for (Day day = from; day <= to; day += days(1)) {
    const auto found = counts.find(day.time_since_epoch().count());
    const std::int64_t count = found == counts.end() ? 0 : found->second;
    heatmap.series.push_back({.count = count, .date = ToIsoDate(day)});
    heatmap.total_count += count;
  }
  co_return heatmap;
}

}  // namespace immich::users
