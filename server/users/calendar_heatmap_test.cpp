#include "server/users/calendar_heatmap.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::users {
namespace {

using immich::testing::AccountRig;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

Task<void> AddAsset(pg::Pool& db, UserId owner, std::string created, std::string taken, bool trashed = false) {
  co_await db.RunScript(fmt::format(
      R"(INSERT INTO asset ("ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime", "createdAt",
                            checksum, "checksumAlgorithm", "originalFileName", visibility, "deletedAt")
         VALUES ('{0}', 'IMAGE', '/x', now(), now(), '{2}', '{1}', decode(md5(random()::text), 'hex'), 'sha1', 'a.jpg',
                 'archive', CASE WHEN {3} THEN now() END))",
      owner.ToString(), created, taken, trashed));
}

TEST(CalendarHeatmapTest, CountsPerDayWithZeros) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    const UserId user = co_await rig.AddUser("a@example.com");
    const UserId other = co_await rig.AddUser("b@example.com");
    co_await AddAsset(rig.db, user, "2024-03-01T00:00:00Z", "2020-01-01T12:00:00Z");
    co_await AddAsset(rig.db, user, "2024-03-01T23:59:59Z", "2020-01-02T12:00:00Z");
    co_await AddAsset(rig.db, user, "2024-03-03T01:00:00+02:00", "2020-01-02T12:00:00Z");
    co_await AddAsset(rig.db, user, "2024-03-03T01:00:00Z", "2020-01-02T12:00:00Z", true);
    co_await AddAsset(rig.db, other, "2024-03-03T01:00:00Z", "2020-01-02T12:00:00Z");
    const auto uploaded =
        co_await LoadHeatmap(rig.db, user, {"2024-02-29", "2024-03-03", api::CalendarHeatmapType::kUpload});
    EXPECT_EQ(uploaded.series, (std::vector<api::CalendarHeatmapDay>{
                                   {0, "2024-02-29"}, {2, "2024-03-01"}, {1, "2024-03-02"}, {0, "2024-03-03"}}));
    EXPECT_EQ(uploaded.total_count, 3);
    EXPECT_EQ(uploaded.from, "2024-02-29");
    EXPECT_EQ(uploaded.to, "2024-03-03");
    const auto taken =
        co_await LoadHeatmap(rig.db, user, {"2020-01-01", "2020-01-02", api::CalendarHeatmapType::kTaken});
    EXPECT_EQ(taken.series, (std::vector<api::CalendarHeatmapDay>{{1, "2020-01-01"}, {2, "2020-01-02"}}));
  });
}

TEST(CalendarHeatmapTest, ShowsTheLastYearByDefaultAndRefusesSillyRanges) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    const UserId user = co_await rig.AddUser("a@example.com");
    const auto heatmap = co_await LoadHeatmap(rig.db, user, {});
    EXPECT_EQ(heatmap.series.size(), 52u * 7 + 1);
    EXPECT_EQ(heatmap.to, ToIsoDate(Now()));
    EXPECT_EQ(heatmap.total_count, 0);
    EXPECT_TRUE((co_await Refusal(LoadHeatmap(rig.db, user, {"2024-01-02", "2024-01-01"}))).starts_with("400 "));
    EXPECT_TRUE((co_await Refusal(LoadHeatmap(rig.db, user, {"0001-01-01", "9999-01-01"}))).starts_with("400 "));
  });
}

}  // namespace
}  // namespace immich::users
