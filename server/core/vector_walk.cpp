#include "server/core/vector_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace immich {

namespace {

// The most pgvector takes for hnsw.ef_search. `./dev bench vectors` measures what candidates are worth: with 200 for
// 100 results a fifth of the nearest is missed where kinds of pictures have few members.
constexpr std::int64_t kMinCandidates = 400;
constexpr std::int64_t kMaxCandidates = 1000;
constexpr std::int64_t kCandidatesPerResult = 10;

}  // namespace

std::string VectorWalkSettings(std::int64_t wanted) {
  const std::int64_t candidates = std::clamp(kCandidatesPerResult * wanted, kMinCandidates, kMaxCandidates);
  // The cast loads the extension, which declares the settings.
  return fmt::format(R"(SELECT set_config(s.name, w.value, true)
FROM (VALUES ('hnsw.ef_search', '{}'), ('hnsw.iterative_scan', 'relaxed_order'), ('hnsw.scan_mem_multiplier', '16'))
  AS w (name, value)
JOIN pg_settings s ON s.name = w.name
WHERE '[1]'::vector IS NOT NULL)",
                     candidates);
}

}  // namespace immich
