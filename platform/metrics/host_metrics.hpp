#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/metrics/metric_registry.hpp"

namespace immich::metrics {

/// Adds `target_info`, and, when `host` (telemetry group `host`), `process_cpu_*`, `process_memory_usage`,
/// `system_cpu_*`, `system_memory_*` and `system_network_*` under the original's names, read from /proc whenever
/// metrics are rendered. `program` is e.g. `immich-api`. The registry must outlive the process's last Render.
void AddHostMetrics(Registry& registry, bool host, const std::string& program, const std::string& version);

namespace detail {

/// Times of one processor since boot, in seconds.
struct CpuTimes {
  std::string processor;
  double user = 0, nice = 0, system = 0, idle = 0, interrupt = 0;
  double total() const { return user + nice + system + idle + interrupt; }
};
/// From the text of /proc/stat; the line of all processors together is left out.
std::vector<CpuTimes> ParseCpuTimes(std::string_view proc_stat, double ticks_per_second);

struct Memory {
  double total_bytes = 0;
  double available_bytes = 0;
};
Memory ParseMemory(std::string_view proc_meminfo);

struct NetworkDevice {
  std::string name;
  double received_bytes = 0, receive_errors = 0, receive_dropped = 0;
  double sent_bytes = 0, send_errors = 0, send_dropped = 0;
};
/// From the text of /proc/net/dev, without the loopback device.
std::vector<NetworkDevice> ParseNetwork(std::string_view proc_net_dev);

}  // namespace detail
}  // namespace immich::metrics
