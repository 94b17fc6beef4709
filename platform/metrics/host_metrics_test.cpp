#include "platform/metrics/host_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace immich::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(HostMetricsTest, ParsesProcessorTimes) {
  const auto times = detail::ParseCpuTimes(
      "cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 100 200 300 400 50 60 70 0 0 0\ncpu1 1 2 3 4 5 6 7 8 9 10\nintr 5\n", 100);
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0].processor, "0");
  EXPECT_EQ(times[0].user, 1);
  EXPECT_EQ(times[0].nice, 2);
  EXPECT_EQ(times[0].system, 3);
  EXPECT_EQ(times[0].idle, 4);
  EXPECT_EQ(times[0].interrupt, 0.6);
  EXPECT_EQ(times[1].processor, "1");
  EXPECT_TRUE(detail::ParseCpuTimes("cpu0 nonsense\n", 100).empty());
}

TEST(HostMetricsTest, ParsesMemory) {
  const auto memory = detail::ParseMemory("MemTotal:  1000 kB\nMemFree: 10 kB\nMemAvailable:   250 kB\nHugePages: 0\n");
  EXPECT_EQ(memory.total_bytes, 1024000);
  EXPECT_EQ(memory.available_bytes, 256000);
}

TEST(HostMetricsTest, ParsesNetworkDevices) {
  const auto devices = detail::ParseNetwork(
      "Inter-|   Receive | Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs "
      "drop fifo colls carrier compressed\n"
      "    lo: 1 1 1 1 0 0 0 0 1 1 1 1 0 0 0 0\n"
      "  eth0:1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0\n");
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].name, "eth0");
  EXPECT_EQ(devices[0].received_bytes, 1000);
  EXPECT_EQ(devices[0].receive_errors, 1);
  EXPECT_EQ(devices[0].receive_dropped, 2);
  EXPECT_EQ(devices[0].sent_bytes, 2000);
  EXPECT_EQ(devices[0].send_errors, 3);
  EXPECT_EQ(devices[0].send_dropped, 4);
}

TEST(HostMetricsTest, ShowsThisMachine) {
  Registry registry;
  AddHostMetrics(registry, true, "immich-api", "3.2.0");
  registry.Render();
  const std::string text = registry.Render();
  for (const char* name :
       {"process_cpu_time_total{process_cpu_state=\"user\"}", "process_cpu_utilization{process_cpu_state=\"system\"}",
        "process_memory_usage ", "system_cpu_time_total{system_cpu_logical_number=\"0\",system_cpu_state=\"idle\"}",
        "system_cpu_utilization{", "system_memory_usage{system_memory_state=\"free\"}",
        "system_memory_utilization{system_memory_state=\"used\"}", "service_version=\"3.2.0\"} 1\n"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
  EXPECT_THAT(text, Not(HasSubstr("process_memory_usage 0\n")));
}

TEST(HostMetricsTest, OnlyTheTargetWithoutHost) {
  Registry registry;
  AddHostMetrics(registry, false, "immich-api", "3.2.0");
  EXPECT_THAT(registry.Render(), ::testing::StartsWith("# HELP target_info"));
  EXPECT_THAT(registry.Render(), Not(HasSubstr("process_cpu")));
}

}  // namespace
}  // namespace immich::metrics
