#include "platform/metrics/metric_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "platform/error/error.hpp"

namespace immich::metrics {
namespace {

using ::testing::HasSubstr;

TEST(MetricRegistryTest, RendersCountersAndGauges) {
  Registry registry;
  registry.GetCounter("jobs_total", "Jobs done", {{"queue", "ocr"}}).Increment();
  registry.GetCounter("jobs_total", "Jobs done", {{"queue", "ocr"}}).Increment(2);
  registry.GetCounter("jobs_total", "Jobs done", {{"queue", "library"}}).Increment(0.25);
  registry.GetGauge("active", "Running now").Set(-3);
  EXPECT_EQ(registry.Render(),
            "# HELP active Running now\n"
            "# TYPE active gauge\n"
            "active -3\n"
            "# HELP jobs_total Jobs done\n"
            "# TYPE jobs_total counter\n"
            "jobs_total{queue=\"library\"} 0.25\n"
            "jobs_total{queue=\"ocr\"} 3\n");
}

TEST(MetricRegistryTest, RendersHistograms) {
  Registry registry;
  constexpr double kBounds[] = {0.5, 1, 10};
  Histogram& histogram = registry.GetHistogram("time", "ms", {{"route", "a"}}, kBounds);
  for (const double value : {0.1, 0.5, 0.7, 10.0, 11.0}) histogram.Observe(value);
  EXPECT_EQ(registry.Render(),
            "# HELP time ms\n"
            "# TYPE time histogram\n"
            "time_bucket{route=\"a\",le=\"0.5\"} 2\n"
            "time_bucket{route=\"a\",le=\"1\"} 3\n"
            "time_bucket{route=\"a\",le=\"10\"} 4\n"
            "time_bucket{route=\"a\",le=\"+Inf\"} 5\n"
            "time_sum{route=\"a\"} 22.3\n"
            "time_count{route=\"a\"} 5\n");
  registry.GetHistogram("default", "ms").Observe(1e9);
  EXPECT_THAT(registry.Render(), HasSubstr("default_bucket{le=\"10000\"} 0\ndefault_bucket{le=\"+Inf\"} 1\n"));
}

TEST(MetricRegistryTest, EscapesLabelsAndHelp) {
  Registry registry;
  registry.GetGauge("g", "a\nb\\c\"", {{"l", "x\"y\\z\n"}}).Set(std::nan(""));
  EXPECT_EQ(registry.Render(), "# HELP g a\\nb\\\\c\"\n# TYPE g gauge\ng{l=\"x\\\"y\\\\z\\n\"} NaN\n");
}

TEST(MetricRegistryTest, OneNameOneKind) {
  Registry registry;
  registry.GetGauge("g", "");
  EXPECT_THROW(registry.GetCounter("g", ""), InternalError);
  EXPECT_THROW(registry.GetCounter("g", "", {{"a", "b"}}), InternalError);
}

TEST(MetricRegistryTest, CollectsBeforeRendering) {
  Registry registry;
  int calls = 0;
  registry.OnCollect([&] { registry.GetGauge("calls", "").Set(++calls); });
  EXPECT_THAT(registry.Render(), HasSubstr("\ncalls 1\n"));
  EXPECT_THAT(registry.Render(), HasSubstr("\ncalls 2\n"));
}

TEST(MetricRegistryTest, CountsFromManyThreads) {
  Registry registry;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        registry.GetCounter("c", "").Increment();
        registry.GetHistogram("h", "").Observe(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(registry.GetCounter("c", "").value(), 20000);
  EXPECT_EQ(registry.GetHistogram("h", "").sum(), 20000);
}

TEST(MetricRegistryTest, NameParts) {
  EXPECT_EQ(MetricNamePart("metadataExtraction"), "metadata_extraction");
  EXPECT_EQ(MetricNamePart("SmartSearch"), "smart_search");
  EXPECT_EQ(MetricNamePart("ocr"), "ocr");
  EXPECT_EQ(MetricNamePart("a-b c"), "a_b_c");
}

}  // namespace
}  // namespace immich::metrics
