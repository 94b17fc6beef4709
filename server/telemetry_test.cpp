#include "server/telemetry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/config/environment.hpp"

namespace immich {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

config::Environment With(std::vector<std::string> groups) {
  config::Environment environment;
  environment.telemetry = std::move(groups);
  return environment;
}

TEST(TelemetryTest, CountsJobsUnderTheNamesOfTheOriginal) {
  const config::Environment environment = With({"job"});
  Telemetry telemetry(environment, "immich-microservices");
  telemetry.CountJob("AssetGenerateThumbnails", queue::JobStatus::kSuccess);
  telemetry.CountJob("AssetGenerateThumbnails", queue::JobStatus::kSuccess);
  telemetry.CountJob("SmartSearch", queue::JobStatus::kSkipped);
  telemetry.CountJob("Ocr", queue::JobStatus::kFailed);
  telemetry.CountQueueStart("metadataExtraction");
  telemetry.ObserveGauge("job", "immich_queues_face_detection_active", "Running jobs", {}, [] { return 3.0; });
  const std::string text = telemetry.registry().Render();
  EXPECT_THAT(text, HasSubstr("immich_jobs_asset_generate_thumbnails_success_total 2\n"));
  EXPECT_THAT(text, HasSubstr("immich_jobs_smart_search_skipped_total 1\n"));
  EXPECT_THAT(text, HasSubstr("immich_jobs_ocr_failed_total 1\n"));
  EXPECT_THAT(text, HasSubstr("immich_queues_metadata_extraction_started_total 1\n"));
  EXPECT_THAT(text, HasSubstr("immich_queues_face_detection_active 3\n"));
  EXPECT_THAT(text, HasSubstr("service_name=\"immich\""));
}

TEST(TelemetryTest, MeasuresStatementsByTheirNames) {
  const config::Environment environment = With({"repo"});
  Telemetry telemetry(environment, "immich-api");
  const auto hook = telemetry.StatementHook();
  hook("asset_find", 1500us);
  hook("asset_find", 200us);
  const std::string text = telemetry.registry().Render();
  EXPECT_THAT(text, HasSubstr("immich_sql_duration_count{statement=\"asset_find\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("immich_sql_duration_sum{statement=\"asset_find\"} 1.7\n"));
}

TEST(TelemetryTest, LeavesOutWhatWasNotAskedFor) {
  const config::Environment environment = With({"host"});
  Telemetry telemetry(environment, "immich-api");
  EXPECT_FALSE(telemetry.StatementHook());
  telemetry.CountJob("Ocr", queue::JobStatus::kFailed);
  const std::string text = telemetry.registry().Render();
  EXPECT_THAT(text, HasSubstr("process_memory_usage"));
  EXPECT_THAT(text, Not(HasSubstr("immich_jobs")));
  const config::Environment nothing = With({});
  EXPECT_EQ(Telemetry(nothing, "immich-api").registry().Render(), "");
}

TEST(RoutePatternTest, NamesParametersInsteadOfTheirValues) {
  EXPECT_EQ(RoutePattern("/api/assets/1234/thumbnail", {{"id", "1234"}}), "/api/assets/{id}/thumbnail");
  EXPECT_EQ(RoutePattern("/api/albums/a/user/a", {{"id", "a"}, {"userId", "a"}}), "/api/albums/{id}/user/{userId}");
  EXPECT_EQ(RoutePattern("/api/server/ping", {}), "/api/server/ping");
  EXPECT_EQ(RoutePattern("", {}), "");
}

}  // namespace
}  // namespace immich
