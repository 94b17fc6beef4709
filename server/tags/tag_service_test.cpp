#include "server/tags/tag_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::tags {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;
using ::testing::ElementsAre;

struct TagRig {
  explicit TagRig(AccountRig& accounts) : access(accounts.db), service(accounts.db, access, accounts.jobs) {}
  Access access;
  TagService service;
};

std::vector<std::string> ValuesOf(const std::vector<api::TagResponseDto>& tags) {
  std::vector<std::string> values;
  for (const auto& tag : tags) values.push_back(tag.value);
  return values;
}

TEST(TagServiceTest, MakesPathsWithTheirParents) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    std::vector<std::string> paths{"travel/italy/rome", "travel"};
    const auto made = co_await tags.service.Upsert(auth, paths);
    EXPECT_EQ(ValuesOf(co_await tags.service.List(auth)),
              (std::vector<std::string>{"travel", "travel/italy", "travel/italy/rome"}));
    EXPECT_EQ(made.size(), 2u);
    const auto again = co_await tags.service.Upsert(auth, paths);
    EXPECT_EQ(ValuesOf(again), ValuesOf(made));
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM tag_closure"), 6);
  });
}

TEST(TagServiceTest, MakesOneBelowAnother) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto parent = co_await tags.service.Create(auth, {.color = std::string("ff0000"), .name = "pets"});
    EXPECT_EQ(parent.color, "#ff0000");
    const auto child = co_await tags.service.Create(auth, {.name = "cat", .parent_id = parent.id});
    EXPECT_EQ(child.value, "pets/cat");
    EXPECT_EQ(child.name, "cat");
    EXPECT_EQ(child.parent_id, parent.id.ToString());
    EXPECT_EQ(co_await Refusal(tags.service.Create(auth, {.name = "cat", .parent_id = parent.id})),
              "400 A tag with that name already exists");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    EXPECT_EQ(co_await Refusal(tags.service.Create(other, {.name = "cat", .parent_id = parent.id})),
              "400 Not found or no tag.read access");
    EXPECT_EQ(co_await Refusal(tags.service.Get(other, TagId(parent.id))), "400 Not found or no tag.read access");
  });
}

TEST(TagServiceTest, TagsOwnAssetsAndQueuesTheirSidecars) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const AssetId mine = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    const AssetId foreign = co_await InsertAsset(rig.db, {.owner = other.user.id});
    const auto tag = co_await tags.service.Create(auth, {.name = "pets"});
    std::vector<Uuid> wanted{mine.value, foreign.value, mine.value};
    auto results = co_await tags.service.AddAssets(auth, TagId(tag.id), wanted);
    EXPECT_TRUE(results[0].success);
    EXPECT_EQ(results[1].error, api::BulkIdErrorReason::kNoPermission);
    EXPECT_EQ(results[2].error, api::BulkIdErrorReason::kDuplicate);
    EXPECT_EQ(rig.jobs.queued.size(), 1u);
    EXPECT_EQ(rig.jobs.queued[0].name, "SidecarWrite");
    EXPECT_EQ(rig.jobs.queued[0].data, JobDataWithId(mine.value));
    EXPECT_EQ(co_await QueryText(rig.db, R"(SELECT array_to_string(tags || "lockedProperties", ',') FROM asset_exif
                                            WHERE tags IS NOT NULL)"),
              "pets,tags");
    std::vector<Uuid> removed{mine.value, foreign.value};
    results = co_await tags.service.RemoveAssets(auth, TagId(tag.id), removed);
    EXPECT_TRUE(results[0].success);
    EXPECT_EQ(results[1].error, api::BulkIdErrorReason::kNotFound);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM tag_asset"), 0);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM asset_exif WHERE tags = '{}'"), 1);
  });
}

TEST(TagServiceTest, CountsNewTaggingsOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    std::vector<std::string> paths{"x", "y"};
    const auto made = co_await tags.service.Upsert(auth, paths);
    const auto foreign = co_await tags.service.Create(other, {.name = "z"});
    const AssetId one = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    const AssetId two = co_await InsertAsset(rig.db, {.owner = auth.user.id, .path = "/data/b.jpg"});
    std::vector<Uuid> ids{made[0].id, made[1].id, foreign.id};
    std::vector<Uuid> first{one.value}, both{one.value, two.value};
    EXPECT_EQ(co_await tags.service.TagMany(auth, ids, first), 2);
    rig.jobs.queued.clear();
    EXPECT_EQ(co_await tags.service.TagMany(auth, ids, both), 2);
    EXPECT_EQ(rig.jobs.queued.size(), 1u);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM tag_asset"), 4);
  });
}

TEST(TagServiceTest, RenamingMovesTheBranchAndItsAssets) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    std::vector<std::string> paths{"a/b/c", "a/x", "ab"};
    const auto made = co_await tags.service.Upsert(auth, paths);
    const AssetId asset = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    std::vector<Uuid> ids{asset.value};
    co_await tags.service.AddAssets(auth, TagId(made[0].id), ids);
    rig.jobs.queued.clear();
    const TagId top(*Uuid::Parse(co_await QueryText(rig.db, "SELECT id::text FROM tag WHERE value = 'a'")));
    const auto renamed = co_await tags.service.Update(auth, top, {.name = "z"});
    EXPECT_EQ(renamed.value, "z");
    EXPECT_EQ(ValuesOf(co_await tags.service.List(auth)), (std::vector<std::string>{"ab", "z", "z/b", "z/b/c", "z/x"}));
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT array_to_string(tags, ',') FROM asset_exif"), "z/b/c");
    EXPECT_EQ(rig.jobs.queued.size(), 1u);
    EXPECT_EQ(co_await Refusal(tags.service.Update(auth, top, {.name = "ab"})),
              "400 A tag with that name already exists");
  });
}

TEST(TagServiceTest, DeletesBranchesAndUnusedTags) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    TagRig tags(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    std::vector<std::string> paths{"used/deep", "unused/deep", "gone/deep"};
    const auto made = co_await tags.service.Upsert(auth, paths);
    const AssetId asset = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    std::vector<Uuid> ids{asset.value};
    co_await tags.service.AddAssets(auth, TagId(made[0].id), ids);
    const TagId gone(*Uuid::Parse(co_await QueryText(rig.db, "SELECT id::text FROM tag WHERE value = 'gone'")));
    co_await tags.service.Delete(auth, gone);
    EXPECT_THAT(ValuesOf(co_await tags.service.List(auth)), ElementsAre("unused", "unused/deep", "used", "used/deep"));
    co_await tags.service.CleanUp();
    EXPECT_THAT(ValuesOf(co_await tags.service.List(auth)), ElementsAre("used", "used/deep"));
  });
}

}  // namespace
}  // namespace immich::tags
