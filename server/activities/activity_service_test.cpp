#include "server/activities/activity_service.hpp"

#include <gtest/gtest.h>

#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::activities {
namespace {

using api::ReactionType;
using immich::testing::AccountRig;
using immich::testing::InsertAlbum;
using immich::testing::InsertAsset;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

/// An album with an owner, a viewer and two assets of which one is in it.
struct AlbumRig {
  explicit AlbumRig(AccountRig& accounts) : rig(accounts), access(rig.db), service(rig.db, access) {}

  Task<void> SetUp() {
    owner = co_await rig.SignIn("owner@example.com");
    viewer = co_await rig.SignIn("viewer@example.com");
    stranger = co_await rig.SignIn("stranger@example.com");
    inside = co_await InsertAsset(rig.db, {.owner = owner.user.id});
    outside = co_await InsertAsset(rig.db, {.owner = owner.user.id, .path = "/data/b.jpg"});
    album = co_await InsertAlbum(
        rig.db, {.members = {{owner.user.id, "owner"}, {viewer.user.id, "viewer"}}, .assets = {inside}});
  }
  api::ActivityCreateDto Comment(std::string text) const {
    return {.album_id = album.value, .comment = std::move(text), .type = ReactionType::kComment};
  }
  api::ActivityCreateDto Like(std::optional<Uuid> asset = std::nullopt) const {
    return {.album_id = album.value, .asset_id = asset, .type = ReactionType::kLike};
  }
  Task<std::size_t> Count(api::GetActivities::Input filter) {
    filter.album_id = album.value;
    co_return (co_await service.List(owner, std::move(filter))).size();
  }

  AccountRig& rig;
  Access access;
  ActivityService service;
  AuthContext owner, viewer, stranger;
  AssetId inside, outside;
  AlbumId album;
};

void WithAlbum(const std::function<Task<void>(AlbumRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    AlbumRig rig(accounts);
    co_await rig.SetUp();
    co_await body(rig);
  });
}

TEST(ActivityServiceTest, MembersCommentAndLike) {
  WithAlbum([](AlbumRig& rig) -> Task<void> {
    const auto comment = co_await rig.service.Create(rig.viewer, rig.Comment("nice"));
    EXPECT_FALSE(comment.is_duplicate);
    EXPECT_EQ(comment.activity.comment.nullable(), "nice");
    EXPECT_EQ(comment.activity.user.id, rig.viewer.user.id.value);
    const auto like = co_await rig.service.Create(rig.viewer, rig.Like());
    const auto again = co_await rig.service.Create(rig.viewer, rig.Like());
    EXPECT_TRUE(again.is_duplicate);
    EXPECT_EQ(again.activity.id, like.activity.id);
    EXPECT_TRUE(like.activity.comment.is_null());
    EXPECT_FALSE((co_await rig.service.Create(rig.viewer, rig.Like(rig.inside.value))).is_duplicate);
    const auto statistics = co_await rig.service.Statistics(rig.owner, rig.album.value, std::nullopt);
    EXPECT_EQ(statistics.comments, 1);
    EXPECT_EQ(statistics.likes, 2);
    EXPECT_EQ((co_await rig.service.Statistics(rig.owner, rig.album.value, rig.inside.value)).likes, 1);
  });
}

TEST(ActivityServiceTest, FiltersTheList) {
  WithAlbum([](AlbumRig& rig) -> Task<void> {
    co_await rig.service.Create(rig.viewer, rig.Comment("nice"));
    co_await rig.service.Create(rig.owner, rig.Like());
    co_await rig.service.Create(rig.viewer, rig.Like(rig.inside.value));
    EXPECT_EQ(co_await rig.Count({}), 3u);
    EXPECT_EQ(co_await rig.Count({.album_id = {}, .level = api::ReactionLevel::kAlbum}), 2u);
    EXPECT_EQ(co_await rig.Count({.album_id = {}, .asset_id = rig.inside.value}), 1u);
    EXPECT_EQ(co_await rig.Count({.album_id = {}, .type = ReactionType::kLike}), 2u);
    EXPECT_EQ(co_await rig.Count({.album_id = {}, .user_id = rig.viewer.user.id.value}), 2u);
    co_await rig.rig.db.RunDynamic("UPDATE asset SET \"deletedAt\" = now()");
    EXPECT_EQ(co_await rig.Count({}), 2u);
  });
}

TEST(ActivityServiceTest, RefusesWhatDoesNotBelongThere) {
  WithAlbum([](AlbumRig& rig) -> Task<void> {
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.viewer, rig.Comment(""))), "400 Validation failed");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.stranger, rig.Comment("hi"))),
              "400 Not found or no album.read access");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.viewer, rig.Like(rig.outside.value))),
              "400 Asset is not in the album");
    co_await rig.rig.db.RunDynamic("UPDATE album SET \"isActivityEnabled\" = false");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.viewer, rig.Comment("hi"))),
              "400 Not found or no activity.create access");
  });
}

TEST(ActivityServiceTest, AuthorAndOwnerDelete) {
  WithAlbum([](AlbumRig& rig) -> Task<void> {
    const auto first = (co_await rig.service.Create(rig.viewer, rig.Comment("one"))).activity.id;
    const auto second = (co_await rig.service.Create(rig.viewer, rig.Comment("two"))).activity.id;
    const auto third = (co_await rig.service.Create(rig.owner, rig.Comment("three"))).activity.id;
    EXPECT_EQ(co_await Refusal(rig.service.Delete(rig.stranger, first)), "400 Not found or no activity.delete access");
    EXPECT_EQ(co_await Refusal(rig.service.Delete(rig.viewer, third)), "400 Not found or no activity.delete access");
    co_await rig.service.Delete(rig.viewer, first);
    co_await rig.service.Delete(rig.owner, second);
    EXPECT_EQ(co_await rig.Count({}), 1u);
  });
}

}  // namespace
}  // namespace immich::activities
