#include "platform/http/http_router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/error/error.hpp"

namespace immich::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class RouterTest : public ::testing::Test {
 protected:
  void Add(Method method, const std::string& pattern) {
    router_.On(method, pattern, [](Request&) -> Task<Response> { co_return Response::Empty(204); });
    const auto match = router_.Find(method, pattern);
    names_[match.handler] = std::string(ToString(method)) + " " + pattern;
  }
  std::string Find(Method method, std::string_view path) {
    const auto match = router_.Find(method, path);
    return match.handler == nullptr ? "none" : names_.at(match.handler);
  }

  Router router_;
  std::map<const Handler*, std::string> names_;
};

TEST_F(RouterTest, LiteralWinsOverParameterAndBranchesAreRetried) {
  Add(Method::kGet, "/api/albums/{id}");
  Add(Method::kGet, "/api/albums/statistics");
  Add(Method::kPut, "/api/albums/assets");
  Add(Method::kDelete, "/api/albums/{id}");
  Add(Method::kPut, "/api/albums/{albumId}/assets");
  Add(Method::kGet, "/");
  EXPECT_EQ(Find(Method::kGet, "/api/albums/statistics"), "GET /api/albums/statistics");
  EXPECT_EQ(Find(Method::kGet, "/api/albums/x"), "GET /api/albums/{id}");
  EXPECT_EQ(Find(Method::kDelete, "/api/albums/assets"), "DELETE /api/albums/{id}");
  EXPECT_EQ(Find(Method::kPut, "/api/albums/assets"), "PUT /api/albums/assets");
  EXPECT_EQ(Find(Method::kPut, "/api/albums/statistics/assets"), "PUT /api/albums/{albumId}/assets");
  EXPECT_EQ(Find(Method::kPost, "/api/albums/x"), "none");
  EXPECT_EQ(Find(Method::kGet, "/api/albums"), "none");
  EXPECT_EQ(Find(Method::kGet, "/api/albums/x/y"), "none");
  EXPECT_EQ(Find(Method::kGet, "/"), "GET /");
}

TEST_F(RouterTest, ParametersAreDecodedAfterTheSplit) {
  Add(Method::kGet, "/a/{first}/b/{second}");
  const auto match = router_.Find(Method::kGet, "/a/x%2Fy/b/%C3%A4%zz");
  EXPECT_THAT(match.params, ElementsAre(Pair("first", "x/y"), Pair("second", "ä%zz")));
}

TEST_F(RouterTest, TrailingSlashCaseAndHead) {
  Add(Method::kGet, "/api/server/ping");
  EXPECT_EQ(Find(Method::kGet, "/api/server/ping/"), "GET /api/server/ping");
  EXPECT_EQ(Find(Method::kGet, "/API/Server/PING"), "GET /api/server/ping");
  EXPECT_EQ(Find(Method::kHead, "/api/server/ping"), "GET /api/server/ping");
  EXPECT_EQ(Find(Method::kGet, "/api/server/ping//"), "none");
  EXPECT_EQ(Find(Method::kGet, "//api/server/ping"), "none");
  EXPECT_THAT(router_.AllowedMethods("/api/server/ping"), ElementsAre(Method::kGet, Method::kHead));
  EXPECT_THAT(router_.AllowedMethods("/nope"), IsEmpty());
}

TEST_F(RouterTest, AnEmptySegmentIsNoParameter) {
  Add(Method::kGet, "/a/{id}/b");
  EXPECT_EQ(Find(Method::kGet, "/a//b"), "none");
}

TEST_F(RouterTest, RegisteringTwiceThrows) {
  Add(Method::kGet, "/a/{id}");
  EXPECT_THROW(Add(Method::kGet, "/a/{other}"), InternalError);
}

TEST_F(RouterTest, EndlessPathsMatchNothing) {
  Add(Method::kGet, "/a/{id}");
  std::string path;
  for (int i = 0; i < 5000; ++i) path += "/a";
  EXPECT_EQ(Find(Method::kGet, path), "none");
}

}  // namespace
}  // namespace immich::http
