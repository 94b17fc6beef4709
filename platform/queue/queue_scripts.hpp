#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace immich::queue {

/// Published with the queue's name whenever a worker may find something to do.
inline constexpr std::string_view kWakeChannel = "immich_queue:wake";
/// Failed jobs that are kept for the list; older ones only count.
inline constexpr int kMaxFailedKept = 10000;

/// The keys of a queue in the order all scripts expect:
///
/// | key        | type        | content                                                                              |
/// |------------|-------------|--------------------------------------------------------------------------------------|
/// | `stream`   | stream      | waiting and active jobs; group `workers`; entry: i id, n name, d data, t added (ms), c
/// deliveries before, k 1 when the id excludes duplicates | | `priority` | stream      | the same, read first; also
/// jobs given back                                           | | `delayed`  | sorted set  | packed jobs by due time
/// (ms)                                                         | | `ids`      | hash        | ids that exclude
/// duplicates → packed job when delayed, else empty                    | | `failed`   | list        | packed jobs with
/// reason, newest first                                                | | `meta`     | hash        | next_id, paused,
/// lease, failed_dropped                                               |
std::vector<std::string> QueueKeys(std::string_view queue);

// The scripts; ARGV is described beside each in queue_scripts.cpp.
const std::string& AddScript();
const std::string& ExchangeScript();
const std::string& SweepScript();
const std::string& CountsScript();
const std::string& ListScript();
const std::string& EmptyScript();
const std::string& ClearFailedScript();
const std::string& RetryFailedScript();
const std::string& SetPausedScript();

}  // namespace immich::queue
