#include "server/core/user_preferences.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich {
namespace {

using testing::AccountRig;
using testing::QueryText;
using testing::WithAccounts;

TEST(UserPreferencesTest, KeepsDifferencesOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    const UserId user = co_await rig.AddUser("a@example.com");
    const auto before = co_await LoadPreferences(rig.db, user);
    EXPECT_EQ(before, DefaultPreferences());
    EXPECT_EQ(before.download.archive_size, 4294967296);
    api::UserPreferencesUpdateDto changes;
    changes.memories = api::MemoriesUpdate{.enabled = false};
    changes.download = api::DownloadUpdate{.archive_size = 1234};
    changes.people = api::PeopleUpdate{.enabled = true};
    const auto after = co_await ChangePreferences(rig.db, user, changes);
    EXPECT_FALSE(after.memories.enabled);
    EXPECT_EQ(after.memories.duration, 5);
    const std::string stored = R"(SELECT value::text FROM user_metadata WHERE key = 'preferences')";
    EXPECT_EQ(co_await QueryText(rig.db, stored),
              R"({"download": {"archiveSize": 1234}, "memories": {"enabled": false}})");
    api::UserPreferencesUpdateDto back;
    back.memories = api::MemoriesUpdate{.enabled = true};
    const auto restored = co_await ChangePreferences(rig.db, user, back);
    EXPECT_TRUE(restored.memories.enabled);
    EXPECT_EQ(co_await QueryText(rig.db, stored), R"({"download": {"archiveSize": 1234}})");
    EXPECT_EQ(co_await LoadPreferences(rig.db, user), restored);
  });
}

TEST(UserPreferencesTest, ShowsDefaultsWhenWhatIsStoredIsNotValid) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    const UserId user = co_await rig.AddUser("a@example.com");
    co_await rig.db.RunScript(R"(INSERT INTO user_metadata ("userId", key, value) VALUES (')" + user.ToString() +
                              R"(', 'preferences', '{"memories": {"enabled": "maybe"}}'))");
    EXPECT_EQ(co_await LoadPreferences(rig.db, user), DefaultPreferences());
  });
}

}  // namespace
}  // namespace immich
