#include "server/core/system_metadata.hpp"

#include <gtest/gtest.h>

#include "db/testing/migrated_database.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {
namespace {

class SystemMetadataTest : public ::testing::Test {
 protected:
  void With(const std::function<Task<void>(pg::Pool&, SystemMetadata&)>& body) {
    testing::WithPool(database_, [&](pg::Pool& pool) -> Task<void> {
      SystemMetadata metadata(pool);
      co_await body(pool, metadata);
    });
  }

 private:
  testing::MigratedDatabase database_;
};

TEST_F(SystemMetadataTest, StoresReplacesAndRemovesValues) {
  With([](pg::Pool&, SystemMetadata& metadata) -> Task<void> {
    EXPECT_FALSE((co_await metadata.Find("k")).has_value());
    co_await metadata.Set("k", R"({"a": 1})");
    co_await metadata.Set("k", R"({"a": 2})");
    EXPECT_EQ(co_await metadata.Find("k"), R"({"a": 2})");
    co_await metadata.Delete("k");
    EXPECT_FALSE((co_await metadata.Find("k")).has_value());
  });
}

TEST_F(SystemMetadataTest, OnboardingIsFalseUntilSaid) {
  With([](pg::Pool&, SystemMetadata& metadata) -> Task<void> {
    EXPECT_FALSE(co_await metadata.IsOnboarded());
    co_await metadata.Set(system_metadata_key::kAdminOnboarding, R"({"isOnboarded":true})");
    EXPECT_TRUE(co_await metadata.IsOnboarded());
    co_await metadata.Set(system_metadata_key::kAdminOnboarding, R"({"isOnboarded":"yes"})");
    EXPECT_FALSE(co_await metadata.IsOnboarded());
    co_await metadata.Set(system_metadata_key::kAdminOnboarding, "[]");
    EXPECT_FALSE(co_await metadata.IsOnboarded());
  });
}

TEST_F(SystemMetadataTest, StatesReadWhatTheOriginalStored) {
  With([](pg::Pool& pool, SystemMetadata& metadata) -> Task<void> {
    EXPECT_FALSE((co_await metadata.GetReverseGeocodingState()).last_update.has_value());
    co_await pool.RunScript(R"(INSERT INTO system_metadata VALUES
      ('reverse-geocoding-state', '{"lastUpdate": "2026-11-22T01:00:00+00:00\n", "lastImportFileName": "cities500.txt"}'),
      ('version-check-state', '{"checkedAt": null, "releaseVersion": "v3.2.2", "type": "stable"}'))");
    const ReverseGeocodingState places = co_await metadata.GetReverseGeocodingState();
    EXPECT_EQ(places.last_update, "2026-11-22T01:00:00+00:00\n");
    EXPECT_EQ(places.last_import_file_name, "cities500.txt");
    const VersionCheckState version = co_await metadata.GetVersionCheckState();
    EXPECT_FALSE(version.checked_at.has_value());
    EXPECT_EQ(version.release_version, "v3.2.2");
  });
}

}  // namespace
}  // namespace immich
