#include "server/core/vector_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace immich {

namespace {

// The most pgvector takes for hnsw.ef_search, and what `./dev bench ml` shows to be enough for 100 results.
constexpr std::int64_t kMinCandidates = 200;
constexpr std::int64_t kMaxCandidates = 1000;

}  // namespace

std::string VectorWalkSettings(std::int64_t wanted) {
  const std::int64_t candidates = std::clamp(2 * wanted, kMinCandidates, kMaxCandidates);
  // The cast loads the extension, which declares the settings.
  return fmt::format(R"(SELECT set_config(s.name, w.value, true)
FROM (VALUES ('hnsw.ef_search', '{}'), ('hnsw.iterative_scan', 'relaxed_order'), ('hnsw.scan_mem_multiplier', '4'))
  AS w (name, value)
JOIN pg_settings s ON s.name = w.name
WHERE '[1]'::vector IS NOT NULL)",
                     candidates);
}

}  // namespace immich
