#include "server/shared_links/shared_link_service.hpp"

#include <gtest/gtest.h>

#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::shared_links {
namespace {

using api::SharedLinkType;
using immich::testing::AccountRig;
using immich::testing::InsertAlbum;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

struct LinkRig {
  explicit LinkRig(AccountRig& accounts) : rig(accounts), access(rig.db), service(rig.db, access) {}

  Task<void> SetUp() {
    owner = co_await rig.SignIn("owner@example.com");
    other = co_await rig.SignIn("other@example.com");
    first = co_await InsertAsset(rig.db, {.owner = owner.user.id});
    second = co_await InsertAsset(rig.db, {.owner = owner.user.id, .taken = "2024-01-02T00:00:00Z"});
    album = co_await InsertAlbum(rig.db, {.members = {{owner.user.id, "owner"}}});
  }
  api::SharedLinkCreateDto ToAssets() const {
    return {.asset_ids = std::vector<Uuid>{first.value}, .type = SharedLinkType::kIndividual};
  }
  api::SharedLinkCreateDto ToAlbum() const { return {.album_id = album.value, .type = SharedLinkType::kAlbum}; }
  /// A request that comes with the link's key.
  Task<AuthContext> Visit(std::string key) {
    http::Request request;
    request.headers.Add("x-immich-share-key", std::move(key));
    co_return co_await rig.authenticator.Authenticate(request);
  }

  AccountRig& rig;
  Access access;
  SharedLinkService service;
  AuthContext owner, other;
  AssetId first, second;
  AlbumId album;
};

void WithLinks(const std::function<Task<void>(LinkRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    LinkRig rig(accounts);
    co_await rig.SetUp();
    co_await body(rig);
  });
}

TEST(SharedLinkServiceTest, MakesLinksWithTheDocumentedDefaults) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    const Link link = co_await rig.service.Create(rig.owner, rig.ToAssets());
    EXPECT_EQ(link.key.size(), 67u);
    EXPECT_TRUE(link.allow_upload);
    EXPECT_TRUE(link.allow_download);
    EXPECT_TRUE(link.show_metadata);
    EXPECT_EQ(link.assets.size(), 1u);
    EXPECT_FALSE(link.album.has_value());
    auto hidden = rig.ToAlbum();
    hidden.show_metadata = false;
    const Link album = co_await rig.service.Create(rig.owner, hidden);
    EXPECT_FALSE(album.allow_download);
    EXPECT_TRUE(album.album.has_value() && album.album->has_shared_link);
    EXPECT_EQ(album.album->album_users.size(), 1u);
    const auto listed = co_await rig.service.List(rig.owner, {});
    EXPECT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].id, album.id);
    EXPECT_EQ((co_await rig.service.List(rig.owner, {.album_id = rig.album.value})).size(), 1u);
    EXPECT_TRUE((co_await rig.service.List(rig.other, {})).empty());
  });
}

TEST(SharedLinkServiceTest, RefusesWhatIsNotTheirs) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.other, rig.ToAssets())),
              "400 Not found or no asset.share access");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.other, rig.ToAlbum())), "400 Not found or no album.share access");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.owner, {.type = SharedLinkType::kAlbum})), "400 Invalid albumId");
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.owner, {.type = SharedLinkType::kIndividual})),
              "400 Invalid assetIds");
    const SharedLinkId id((co_await rig.service.Create(rig.owner, rig.ToAssets())).id);
    EXPECT_EQ(co_await Refusal(rig.service.Get(rig.other, id)), "400 Not found or no sharedLink.read access");
    EXPECT_EQ(co_await Refusal(rig.service.Update(rig.other, id, {})), "400 Not found or no sharedLink.update access");
    EXPECT_EQ(co_await Refusal(rig.service.Delete(rig.other, id)), "400 Not found or no sharedLink.delete access");
  });
}

TEST(SharedLinkServiceTest, ChangesLinksAndKeepsSlugsUnique) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    auto request = rig.ToAssets();
    request.slug = std::string("summer");
    request.password = std::string("secret");
    request.description = std::string("words");
    const SharedLinkId id((co_await rig.service.Create(rig.owner, request)).id);
    EXPECT_EQ(co_await Refusal(rig.service.Create(rig.owner, request)), "400 Failed to save shared link");
    Link link = co_await rig.service.Update(rig.owner, id, {.allow_upload = false, .slug = std::string("winter")});
    EXPECT_EQ(link.slug, "winter");
    EXPECT_EQ(link.password, "secret");
    EXPECT_EQ(link.description, "words");
    EXPECT_FALSE(link.allow_upload);
    const TimePoint later = *ParseIso("2999-01-01T00:00:00Z");
    link = co_await rig.service.Update(rig.owner, id, {.expires_at = later});
    EXPECT_FALSE(link.slug.has_value()) << "a slug that is not sent is cleared";
    EXPECT_EQ(link.expires_at, later);
    link = co_await rig.service.Update(
        rig.owner, id, {.expires_at = json::Maybe<TimePoint>::Null(), .password = json::Maybe<std::string>::Null()});
    EXPECT_FALSE(link.expires_at.has_value());
    EXPECT_FALSE(link.password.has_value());
  });
}

TEST(SharedLinkServiceTest, AddsAndRemovesSingleAssets) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    const SharedLinkId id((co_await rig.service.Create(rig.owner, rig.ToAssets())).id);
    std::vector<Uuid> ids{rig.first.value, rig.second.value, Uuid::Random()};
    auto results = co_await rig.service.AddAssets(rig.owner, id, ids);
    EXPECT_EQ(results[0].error, api::AssetIdErrorReason::kDuplicate);
    EXPECT_TRUE(results[1].success);
    EXPECT_EQ(results[2].error, api::AssetIdErrorReason::kNoPermission);
    results = co_await rig.service.RemoveAssets(rig.owner, id, ids);
    EXPECT_TRUE(results[0].success && results[1].success);
    EXPECT_EQ(results[2].error, api::AssetIdErrorReason::kNotFound);
    const SharedLinkId album((co_await rig.service.Create(rig.owner, rig.ToAlbum())).id);
    EXPECT_EQ(co_await Refusal(rig.service.AddAssets(rig.owner, album, ids)), "400 Invalid shared link type");
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, "SELECT count(*) FROM shared_link_asset"), 0);
  });
}

TEST(SharedLinkServiceTest, AsksVisitorsForThePassword) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    auto request = rig.ToAssets();
    request.password = std::string("secret");
    const Link link = co_await rig.service.Create(rig.owner, request);
    const AuthContext visitor = co_await rig.Visit(link.key);
    EXPECT_EQ(co_await Refusal(rig.service.GetMine(visitor, "")), "401 Password required");
    EXPECT_THROW(rig.service.LogIn(visitor, "wrong", ""), Unauthorized);
    const std::string token = rig.service.LogIn(visitor, "secret", "other");
    EXPECT_TRUE(token.starts_with("other,"));
    EXPECT_EQ((co_await rig.service.GetMine(visitor, token)).id, link.id);
    EXPECT_EQ(rig.service.LogIn(visitor, "secret", token), token);
    EXPECT_EQ(co_await Refusal(rig.service.GetMine(rig.owner, "")), "403 Forbidden");
  });
}

TEST(SharedLinkServiceTest, HidesMetadataFromVisitors) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    auto request = rig.ToAssets();
    request.show_metadata = false;
    const Link link = co_await rig.service.Create(rig.owner, request);
    EXPECT_TRUE(link.assets[0].exif_info.has_value()) << "the owner sees it";
    const Link seen = co_await rig.service.GetMine(co_await rig.Visit(link.key), "");
    EXPECT_EQ(seen.assets.size(), 1u);
    EXPECT_FALSE(seen.assets[0].has_metadata);
    EXPECT_FALSE(seen.assets[0].exif_info.has_value());
    EXPECT_EQ(api::ToJson(seen).find("originalFileName"), std::string::npos);
  });
}

TEST(SharedLinkServiceTest, EndsWithItsDate) {
  WithLinks([](LinkRig& rig) -> Task<void> {
    auto request = rig.ToAssets();
    request.expires_at = *ParseIso("2020-01-01T00:00:00Z");
    const Link link = co_await rig.service.Create(rig.owner, request);
    EXPECT_EQ(co_await Refusal(rig.Visit(link.key)), "401 Invalid share key");
  });
}

}  // namespace
}  // namespace immich::shared_links
