#include <gtest/gtest.h>

#include "db/testing/migrated_database.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/server_version.hpp"
#include "server/core/system_config.hpp"
#include "server/server_info/server_info_service.hpp"

namespace immich::server_info {
namespace {

/// Two users: the first with uploads of all kinds, the second with nothing.
constexpr const char* kLibrary = R"(
  INSERT INTO "user" (id, email, name, "isAdmin", "quotaSizeInBytes", "createdAt") VALUES
    ('00000000-0000-4000-8000-000000000001', 'a@example.org', 'A', true, null, '2024-01-01'),
    ('00000000-0000-4000-8000-000000000002', 'b@example.org', 'B', false, 1000, '2024-01-02');
  INSERT INTO library (id, name, "ownerId", "importPaths", "exclusionPatterns")
    VALUES ('00000000-0000-4000-8000-0000000000aa', 'L', '00000000-0000-4000-8000-000000000001', '{}', '{}');
  INSERT INTO asset (id, "ownerId", type, visibility, "libraryId", "deletedAt", checksum, "checksumAlgorithm",
                     "originalPath", "originalFileName", "fileCreatedAt", "fileModifiedAt", "localDateTime")
  SELECT ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid,
    '00000000-0000-4000-8000-000000000001', type, visibility::asset_visibility_enum, library::uuid, deleted::timestamptz,
    sha256(n::text::bytea), 'sha1', '/p' || n, 'n' || n, now(), now(), now()
  FROM (VALUES
    (1, 'IMAGE', 'timeline', null, null),
    (2, 'IMAGE', 'archive', null, null),
    (3, 'VIDEO', 'timeline', null, null),
    (4, 'VIDEO', 'hidden', null, null),
    (5, 'IMAGE', 'timeline', '00000000-0000-4000-8000-0000000000aa', null),
    (6, 'IMAGE', 'timeline', null, '2024-05-05')) AS v (n, type, visibility, library, deleted);
  INSERT INTO asset_exif ("assetId", "fileSizeInByte") SELECT id, 100 FROM asset
)";

class ServerInfoTest : public ::testing::Test {
 protected:
  void With(std::function<Task<void>(pg::Pool&, ServerInfoService&)> body, SystemConfigOptions options = {}) {
    testing::WithPool(database_, [&](pg::Pool& pool) -> Task<void> {
      SystemConfig config(pool, options);
      if (options.file.empty()) co_await config.Load();
      auto library = std::make_shared<LibraryCache>(pool);
      ServerInfoService service(pool, config, environment_, library);
      co_await body(pool, service);
    });
  }

  testing::MigratedDatabase database_;
  config::Environment environment_;
};

TEST_F(ServerInfoTest, StatisticsCountByUserAndInAll) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    co_await pool.RunScript(kLibrary);
    const api::ServerStatsResponseDto stats = co_await service.Statistics();
    EXPECT_EQ(stats.usage_by_user.size(), 2u);
    if (stats.usage_by_user.size() != 2) co_return;
    const api::UsageByUserDto& first = stats.usage_by_user[0];
    EXPECT_EQ(first.user_name, "A");
    EXPECT_EQ(first.photos, 3);
    EXPECT_EQ(first.videos, 1);
    EXPECT_EQ(first.usage, 400);
    EXPECT_EQ(first.usage_photos, 200);
    EXPECT_EQ(first.usage_videos, 200);
    EXPECT_FALSE(first.quota_size_in_bytes.has_value());
    EXPECT_EQ(stats.usage_by_user[1].photos, 0);
    EXPECT_EQ(stats.usage_by_user[1].quota_size_in_bytes, 1000);
    EXPECT_EQ(stats.photos, 3);
    EXPECT_EQ(stats.usage, 400);
  });
}

TEST_F(ServerInfoTest, StatisticsFollowEveryChange) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    co_await pool.RunScript(kLibrary);
    EXPECT_EQ((co_await service.Statistics()).usage, 400);
    co_await pool.RunScript(R"(UPDATE asset_exif SET "fileSizeInByte" = 1000 FROM asset a
                               WHERE a.id = "assetId" AND a."originalPath" = '/p1')");
    EXPECT_EQ((co_await service.Statistics()).usage, 1300);
    co_await pool.RunScript(R"(UPDATE asset SET "deletedAt" = now() WHERE "originalPath" = '/p1')");
    EXPECT_EQ((co_await service.Statistics()).usage, 300);
    co_await pool.RunScript("DELETE FROM asset");
    EXPECT_EQ((co_await service.Statistics()).usage, 0);
    co_await pool.RunScript("UPDATE \"user\" SET name = 'Z' WHERE email = 'a@example.org'");
    EXPECT_EQ((co_await service.Statistics()).usage_by_user[0].user_name, "Z");
  });
}

TEST_F(ServerInfoTest, ConfigFollowsSetup) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    api::ServerConfigDto config = co_await service.Config();
    EXPECT_FALSE(config.is_initialized);
    EXPECT_FALSE(config.is_onboarded);
    EXPECT_FALSE(config.maintenance_mode);
    EXPECT_EQ(config.trash_days, 30);
    EXPECT_EQ(config.user_delete_delay, 7);
    EXPECT_EQ(config.min_faces, 3);
    EXPECT_EQ(config.oauth_button_text, "Login with OAuth");
    co_await pool.RunScript(kLibrary);
    co_await pool.RunScript(R"(INSERT INTO system_metadata VALUES ('admin-onboarding', '{"isOnboarded": true}'))");
    config = co_await service.Config();
    EXPECT_TRUE(config.is_initialized);
    EXPECT_TRUE(config.is_onboarded);
  });
}

TEST_F(ServerInfoTest, AboutNamesTheBuildAndLeavesOutWhatIsUnknown) {
  environment_.build.source_ref = "main";
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    const api::ServerAboutResponseDto about = co_await service.About();
    EXPECT_EQ(about.version, "v" + std::string(kServerVersionText));
    EXPECT_EQ(about.source_ref, "main");
    EXPECT_FALSE(about.source_commit.has_value());
    EXPECT_FALSE(about.nodejs.has_value());
    EXPECT_FALSE(about.licensed);
  });
}

TEST_F(ServerInfoTest, ALicenseOfTheOriginalIsShownAndCanBeRemoved) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    co_await pool.RunScript(R"(INSERT INTO system_metadata VALUES ('license', '{"licenseKey": "K"}'))");
    EXPECT_EQ(co_await service.License(), R"({"licenseKey": "K"})");
    EXPECT_TRUE((co_await service.About()).licensed);
    co_await service.DeleteLicense();
    std::string message;
    try {
      co_await service.License();
    } catch (const NotFound& error) {
      message = error.what();
    }
    EXPECT_EQ(message, "Not Found");
  });
}

TEST_F(ServerInfoTest, AVersionIsNotedOnceUntilAnotherOneRan) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    co_await RecordServerVersion(pool);
    co_await RecordServerVersion(pool);
    EXPECT_EQ((co_await service.VersionHistory()).size(), 1u);
    co_await pool.RunScript("INSERT INTO version_history (version) VALUES ('3.1.0')");
    co_await RecordServerVersion(pool);
    const auto versions = co_await service.VersionHistory();
    EXPECT_EQ(versions.size(), 3u);
    EXPECT_EQ(versions.front().version, kServerVersionText);
  });
}

TEST_F(ServerInfoTest, VersionCheckIsEmptyUntilThereWasOne) {
  With([](pg::Pool& pool, ServerInfoService& service) -> Task<void> {
    EXPECT_FALSE((co_await service.VersionCheck()).checked_at.has_value());
    co_await pool.RunScript(
        R"(INSERT INTO system_metadata VALUES
           ('version-check-state', '{"checkedAt": "2026-01-01T00:00:00.000Z", "releaseVersion": "v3.3.0"}'))");
    EXPECT_EQ((co_await service.VersionCheck()).release_version, "v3.3.0");
  });
}

}  // namespace
}  // namespace immich::server_info
