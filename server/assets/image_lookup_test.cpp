#include "server/assets/image_lookup.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <string>
#include <utility>
#include <vector>

#include "server/assets/testing/asset_rig.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::WithAssets;

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

}  // namespace
}  // namespace immich::assets
