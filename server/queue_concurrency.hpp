#pragma once

#include <cstddef>
#include <string_view>

#include "api/config_admin_types.hpp"

namespace immich {

/// Jobs of `queue` that one process may run at a time: `job.<queue>.concurrency` of the configuration, or one for the
/// queues that are not configurable (facts: queues).
std::size_t QueueConcurrency(const api::AdminConfigDto& config, std::string_view queue);

}  // namespace immich
