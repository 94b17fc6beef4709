#pragma once

#include <chrono>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/time_point.hpp"

namespace immich::memories {

/// The nightly work on memories.
class MemoryMaker {
 public:
  /// Facts: assets, "Memories": days around today for which memories are made, assets of a year in one memory, and how
  /// long unsaved ones stay.
  static constexpr int kDaysAround = 3;
  static constexpr int kMaxAssets = 20;
  static constexpr std::chrono::days kKeepFor{30};

  explicit MemoryMaker(pg::Pool& db) : db_(db) {}

  /// Makes the memories of the days around `now` (UTC) that were not made before: for every user one memory for each
  /// earlier year with assets of that day. A day is done once; what is deleted stays deleted.
  Task<void> Generate(TimePoint now);
  /// Deletes unsaved memories that are older than kKeepFor.
  Task<void> CleanUp(TimePoint now);

 private:
  pg::Pool& db_;
};

}  // namespace immich::memories
