#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich::users {

/// Without `from`: this long before `to`.
inline constexpr std::chrono::weeks kHeatmapSpan{52};
/// One entry a day is written, so the range must be bounded; longer than any collection.
inline constexpr std::chrono::days kMaxHeatmapSpan{200 * 366};

struct HeatmapRequest {
  /// YYYY-MM-DD, both inclusive; `to` is today (UTC) by default.
  std::optional<std::string> from, to;
  api::CalendarHeatmapType type = api::CalendarHeatmapType::kUpload;
};

/// Number of a user's assets per day, zeros included; whatever their visibility, without the trash. Throws BadRequest
/// when the range is empty or too long.
Task<api::CalendarHeatmapResponseDto> LoadHeatmap(pg::Db& db, UserId user, HeatmapRequest request);

}  // namespace immich::users
