#include "server/core/route_binder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/authentication_api.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/testing/feed_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich {
namespace {

using immich::testing::FeedRig;
using immich::testing::InsertUser;
using immich::testing::WithFeed;

TEST(RouteBinderTest, OnlyQuestionsAreTakenToChangeNothing) {
  std::vector<std::string_view> with_body;
  for (const api::Route& route : api::AllRoutes()) {
    if (route.verb == api::Verb::kGet) EXPECT_TRUE(OnlyReads(route)) << route.operation_id;
    if (route.verb != api::Verb::kGet && OnlyReads(route)) with_body.push_back(route.operation_id);
  }
  EXPECT_THAT(with_body,
              ::testing::UnorderedElementsAre("downloadArchive", "getDownloadInfo", "searchAssetStatistics",
                                              "searchAssets", "searchLargeAssets", "searchRandom", "searchSmart"));
}

/// One answer to a POST whose handler is `work`.
Task<std::string> Answer(FeedRig& rig, std::shared_ptr<RowFeed> feed, std::function<Task<void>()> work) {
  http::Router router;
  Authenticator authenticator(rig.db);
  RouteBinder routes(router, authenticator, std::move(feed));
  routes.OnResponse<api::ValidateAccessToken>([work](Call&, api::ValidateAccessToken::Input) -> Task<http::Response> {
    co_await work();
    co_return http::Response::Empty(204);
  });
  http::Request request;
  request.method = http::Method::kPost;
  request.headers.Add("x-immich-user-token", "token");
  const http::Router::Match match = router.Find(request.method, api::ValidateAccessToken::kRoute.pattern);
  try {
    const http::Response response = co_await (*match.handler)(request);
    co_return std::to_string(response.status);
  } catch (const Error& error) {
    co_return std::string(error.what());
  }
}

TEST(RouteBinderTest, AnAnswerComesAfterWhatItsRequestChanged) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    const std::string token = R"('\x3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0')";
    co_await rig.db.RunScript(
        fmt::format(R"(INSERT INTO session (token, "userId") VALUES ({}, '{}'))", token, user.ToString()));
    const auto rename = [&rig]() -> Task<void> {
      co_await rig.db.RunScript(R"(UPDATE "user" SET name = name || 'x')");
    };
    const auto rename_and_fail = [&rename]() -> Task<void> {
      co_await rename();
      throw BadRequest("too late");
    };
    for (int i = 0; i < 50; ++i) {
      // The position alone: asking for a fact would take in by itself what has arrived.
      const RowFeed::Position before = rig.feed->position();
      EXPECT_EQ(co_await Answer(rig, rig.feed, rename), "204");
      EXPECT_EQ(rig.feed->position(), before + 1);
      EXPECT_EQ(co_await Answer(rig, rig.feed, rename_and_fail), "too late");
      EXPECT_EQ(rig.feed->position(), before + 2);
    }
  });
}

}  // namespace
}  // namespace immich
