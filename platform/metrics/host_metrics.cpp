#include "platform/metrics/host_metrics.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

namespace immich::metrics {
namespace {

using Clock = std::chrono::steady_clock;

std::string ReadText(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The share of `now - before` in `elapsed`; 0 at the first look.
double Share(double now, double before, double elapsed) {
  return elapsed > 0 ? (now - before) / elapsed : 0;
}

/// What was seen at the previous Render, for shares over time.
struct Previous {
  Clock::time_point at = Clock::now();
  double process_user = 0, process_system = 0;
  std::map<std::string, detail::CpuTimes> processors;
};

void CollectProcess(Registry& registry, Previous& previous) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - previous.at).count();
  const auto state = [&](const char* name, double seconds, double& before) {
    const Labels labels = {{"process_cpu_state", name}};
    registry.GetCounter("process_cpu_time_total", "Process Cpu time in seconds", labels).AdvanceTo(seconds);
    registry.GetGauge("process_cpu_utilization", "Process Cpu usage time 0-1", labels)
        .Set(Share(seconds, before, elapsed));
    before = seconds;
  };
  state("user", Seconds(usage.ru_utime), previous.process_user);
  state("system", Seconds(usage.ru_stime), previous.process_system);
  previous.at = now;
  std::istringstream statm(ReadText("/proc/self/statm"));
  double pages = 0, resident_pages = 0;
  statm >> pages >> resident_pages;
  registry.GetGauge("process_memory_usage", "Process Memory usage in bytes")
      .Set(resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

void CollectProcessors(Registry& registry, Previous& previous) {
  const double ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  for (const detail::CpuTimes& times : detail::ParseCpuTimes(ReadText("/proc/stat"), ticks_per_second)) {
    const detail::CpuTimes before = previous.processors[times.processor];
    const double elapsed = before.processor.empty() ? 0 : times.total() - before.total();
    const auto state = [&](const char* name, double seconds, double seconds_before) {
      const Labels labels = {{"system_cpu_logical_number", times.processor}, {"system_cpu_state", name}};
      registry.GetCounter("system_cpu_time_total", "Cpu time in seconds", labels).AdvanceTo(seconds);
      registry.GetGauge("system_cpu_utilization", "Cpu usage time 0-1", labels)
          .Set(Share(seconds, seconds_before, elapsed));
    };
    state("user", times.user, before.user);
    state("system", times.system, before.system);
    state("idle", times.idle, before.idle);
    state("interrupt", times.interrupt, before.interrupt);
    state("nice", times.nice, before.nice);
    previous.processors[times.processor] = times;
  }
}

void CollectMemory(Registry& registry) {
  const detail::Memory memory = detail::ParseMemory(ReadText("/proc/meminfo"));
  const auto state = [&](const char* name, double bytes) {
    const Labels labels = {{"system_memory_state", name}};
    registry.GetGauge("system_memory_usage", "Memory usage in bytes", labels).Set(bytes);
    registry.GetGauge("system_memory_utilization", "Memory usage 0-1", labels)
        .Set(memory.total_bytes > 0 ? bytes / memory.total_bytes : 0);
  };
  state("free", memory.available_bytes);
  state("used", memory.total_bytes - memory.available_bytes);
}

void CollectNetwork(Registry& registry) {
  for (const detail::NetworkDevice& device : detail::ParseNetwork(ReadText("/proc/net/dev"))) {
    const auto direction = [&](const char* name, double bytes, double errors, double dropped) {
      const Labels labels = {{"network_io_direction", name}, {"system_device", device.name}};
      registry.GetCounter("system_network_io_total", "Network transmit and received bytes", labels).AdvanceTo(bytes);
      registry.GetCounter("system_network_errors_total", "Network errors counter", labels).AdvanceTo(errors);
      registry.GetCounter("system_network_dropped_total", "Network dropped packets", labels).AdvanceTo(dropped);
    };
    direction("receive", device.received_bytes, device.receive_errors, device.receive_dropped);
    direction("transmit", device.sent_bytes, device.send_errors, device.send_dropped);
  }
}

}  // namespace

void AddHostMetrics(Registry& registry, bool host, const std::string& program, const std::string& version) {
  utsname system{};
  uname(&system);
  registry
      .GetGauge("target_info", "Target metadata",
                {{"host_arch", system.machine},
                 {"host_name", system.nodename},
                 {"process_executable_name", program},
                 {"process_pid", std::to_string(getpid())},
                 {"service_name", "immich"},
                 {"service_version", version}})
      .Set(1);
  if (!host) return;
  registry.OnCollect([&registry, previous = std::make_shared<Previous>()] {
    CollectProcess(registry, *previous);
    CollectProcessors(registry, *previous);
    CollectMemory(registry);
    CollectNetwork(registry);
  });
}

namespace detail {

std::vector<CpuTimes> ParseCpuTimes(std::string_view proc_stat, double ticks_per_second) {
  std::vector<CpuTimes> processors;
  std::istringstream lines{std::string(proc_stat)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("cpu") || line.size() < 4 || line[3] == ' ') continue;
    std::istringstream fields(line.substr(3));
    CpuTimes times;
    double iowait = 0, soft_interrupt = 0;
    fields >> times.processor >> times.user >> times.nice >> times.system >> times.idle >> iowait >> times.interrupt >>
        soft_interrupt;
    if (!fields) continue;
    for (double* value : {&times.user, &times.nice, &times.system, &times.idle, &times.interrupt}) {
      *value /= ticks_per_second;
    }
    processors.push_back(std::move(times));
  }
  return processors;
}

Memory ParseMemory(std::string_view proc_meminfo) {
  constexpr double kKiB = 1024;
  Memory memory;
  std::istringstream fields{std::string(proc_meminfo)};
  std::string name;
  double value = 0;
  for (std::string unit; fields >> name >> value; std::getline(fields, unit)) {
    if (name == "MemTotal:") memory.total_bytes = value * kKiB;
    if (name == "MemAvailable:") memory.available_bytes = value * kKiB;
  }
  return memory;
}

std::vector<NetworkDevice> ParseNetwork(std::string_view proc_net_dev) {
  std::vector<NetworkDevice> devices;
  std::istringstream lines{std::string(proc_net_dev)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    NetworkDevice device;
    device.name = line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' '));
    std::istringstream fields(line.substr(colon + 1));
    double ignored = 0;
    fields >> device.received_bytes >> ignored >> device.receive_errors >> device.receive_dropped;
    for (int i = 0; i < 4; ++i) fields >> ignored;
    fields >> device.sent_bytes >> ignored >> device.send_errors >> device.send_dropped;
    if (fields && device.name != "lo") devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace detail
}  // namespace immich::metrics
