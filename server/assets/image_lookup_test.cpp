#include "server/assets/image_lookup.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/assets/testing/asset_rig.hpp"
#include "server/core/testing/feed_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::FeedRig;
using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::WithAssets;
using immich::testing::WithFeed;

TEST(ImageLookupTest, FindsManyAtATimeAndEachForItself) {
  WithAssets([](AssetRig& rig) -> Task<void> {
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    std::vector<AssetId> ids;
    for (int i = 0; i < 20; ++i) {
      ids.push_back(co_await rig.Add(auth, "photo " + std::to_string(i)));
      co_await rig.Sql(R"(INSERT INTO asset_file ("assetId", type, path) VALUES (')" + ids.back().ToString() +
                       "', 'thumbnail', '/thumbs/" + std::to_string(i) + "')");
    }
    const AssetId unknown = AssetId(Uuid{});
    ImageLookup lookup(rig.db);
    std::vector<std::string> paths(ids.size());
    std::size_t open = 2 * ids.size() + 1;
    const auto find = [&](std::size_t i) -> Task<void> {
      const auto file = co_await lookup.Find(ids[i], "thumbnail", false);
      if (file && file->owner == auth.user.id) paths[i] = file->path.value_or("none");
      --open;
    };
    const auto find_nothing = [&](AssetId id, bool exists) -> Task<void> {
      const auto file = co_await lookup.Find(id, "preview", true);
      EXPECT_EQ(file != nullptr, exists);
      if (file) EXPECT_EQ(file->path, std::nullopt);
      --open;
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      Spawn(executor, "Test", find(i));
      Spawn(executor, "Test", find_nothing(ids[i], true));
    }
    Spawn(executor, "Test", find_nothing(unknown, false));
    while (open > 0) co_await SleepFor(std::chrono::milliseconds(1));
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(paths[i], "/thumbs/" + std::to_string(i));
    EXPECT_EQ(co_await lookup.Find(unknown, "thumbnail", false), nullptr);
  });
}

/// `visibility path` of the lookup's answer, and a `*` behind it when the very same answer was given before.
struct Shown {
  explicit Shown(FeedRig& feed_rig) : rig(feed_rig), lookup(rig.db, rig.feed) {}

  Task<std::string> Image(AssetId id, std::string kind, bool edited = false) {
    const std::string key = kind + (edited ? " edited" : "");
    co_return Describe(key, co_await lookup.Find(id, std::move(kind), edited));
  }
  Task<std::string> Original(AssetId id) { co_return Describe("original", co_await lookup.FindOriginal(id)); }
  Task<void> Elsewhere(std::string sql) {
    co_await rig.elsewhere.RunScript(std::move(sql));
    co_await rig.feed->CatchUp();
  }
  std::string Describe(const std::string& key, std::shared_ptr<const ImageFile> file) {
    if (!file) return "none";
    const bool is_known = std::exchange(last[key], file) == file;
    return file->visibility + " " + file->path.value_or(file->original_path) + (is_known ? " *" : "");
  }

  FeedRig& rig;
  ImageLookup lookup;
  std::map<std::string, std::shared_ptr<const ImageFile>> last;
};

TEST(ImageLookupTest, KnowsWhatItFoundUntilItChanges) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId owner = co_await InsertUser(rig.db, "a@example.com"),
                 other = co_await InsertUser(rig.db, "b@example.com");
    const AssetId id = co_await InsertAsset(rig.db, {.owner = owner, .path = "/a.jpg"});
    const std::string file = R"(INSERT INTO asset_file ("assetId", type, path, "isEdited") VALUES (')" + id.ToString();
    Shown shown(rig);
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /a.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /a.jpg") << "a missing file is not kept";
    // As the job that makes it does, which tells nobody.
    co_await rig.elsewhere.RunScript(file + "', 'preview', '/p.jpg', false)");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /p.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /p.jpg *");
    EXPECT_EQ(co_await shown.Image(id, "preview", true), "timeline /p.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview", true), "timeline /p.jpg *");
    EXPECT_EQ(co_await shown.Original(id), "timeline /a.jpg");
    EXPECT_EQ(co_await shown.Original(id), "timeline /a.jpg *");

    co_await shown.Elsewhere(file + "', 'preview', '/e.jpg', true), ('" + id.ToString() +
                             "', 'fullsize', '/f.jpg', true)");
    EXPECT_EQ(co_await shown.Image(id, "preview", true), "timeline /e.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /p.jpg");
    EXPECT_EQ(co_await shown.Original(id), "timeline /f.jpg");
    co_await shown.Elsewhere("UPDATE asset_file SET path = '/new.jpg' WHERE NOT \"isEdited\"");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /new.jpg");
    co_await shown.Elsewhere("UPDATE asset SET \"originalPath\" = '/moved.jpg', visibility = 'archive'");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "archive /new.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "archive /new.jpg *");
    EXPECT_EQ((co_await shown.lookup.FindOriginal(id))->original_path, "/moved.jpg");
    co_await shown.Elsewhere("UPDATE asset SET \"ownerId\" = '" + other.ToString() + "'");
    EXPECT_EQ((co_await shown.lookup.Find(id, "preview", false))->owner, other);
    EXPECT_EQ((co_await shown.lookup.FindOriginal(id))->owner, other);
    co_await shown.Elsewhere("UPDATE asset SET visibility = 'locked'");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "locked /new.jpg");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "locked /new.jpg") << "locked ones are not kept";
    EXPECT_EQ(co_await shown.Original(id), "locked /f.jpg");
    EXPECT_EQ(co_await shown.Original(id), "locked /f.jpg");
    co_await shown.Elsewhere("UPDATE asset SET visibility = 'timeline'");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "timeline /new.jpg");
    co_await shown.Elsewhere("DELETE FROM asset");
    EXPECT_EQ(co_await shown.Image(id, "preview"), "none");
    EXPECT_EQ(co_await shown.Original(id), "none");
  });
}

TEST(ImageLookupTest, AnswersRightWhenItsListeningBreaks) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId owner = co_await InsertUser(rig.db, "a@example.com");
    const AssetId id = co_await InsertAsset(rig.db, {.owner = owner, .path = "/a.jpg"});
    Shown shown(rig);
    co_await shown.Original(id);
    EXPECT_EQ(co_await shown.Original(id), "timeline /a.jpg *");
    co_await rig.EndListening();
    co_await rig.elsewhere.RunScript("UPDATE asset SET visibility = 'archive'");
    EXPECT_EQ(co_await shown.Original(id), "archive /a.jpg");
    EXPECT_TRUE(co_await rig.UntilCurrent());
    co_await shown.Original(id);
    EXPECT_EQ(co_await shown.Original(id), "archive /a.jpg *");
  });
}

}  // namespace
}  // namespace immich::assets
