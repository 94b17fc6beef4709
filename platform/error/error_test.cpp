#include "platform/error/error.hpp"

#include <gtest/gtest.h>

namespace immich {
namespace {

TEST(ErrorTest, BodyIsTheMessage) {
  EXPECT_EQ(BadRequest("Album \"x\"\nnot found").JsonBody(), R"({"message":"Album \"x\"\nnot found"})");
}

TEST(ErrorTest, EachKindHasItsStatus) {
  EXPECT_EQ(BadRequest("").http_status(), 400);
  EXPECT_EQ(Unauthorized("").http_status(), 401);
  EXPECT_EQ(Forbidden().http_status(), 403);
  EXPECT_STREQ(Forbidden().what(), "Forbidden");
  EXPECT_EQ(NotFound("").http_status(), 404);
  EXPECT_EQ(PayloadTooLarge("").http_status(), 413);
  EXPECT_EQ(Unavailable("").http_status(), 503);
  EXPECT_EQ(Unavailable("disk full", 507).http_status(), 507);
}

TEST(ErrorTest, InternalErrorHidesItsDetail) {
  const InternalError error("connection string had password=hunter2");
  EXPECT_EQ(error.http_status(), 500);
  EXPECT_EQ(error.JsonBody(), R"({"message":"Internal server error"})");
  EXPECT_EQ(error.detail(), "connection string had password=hunter2");
}

TEST(ErrorTest, ValidationErrorListsIssues) {
  const ValidationError error(R"([{"code":"custom","path":["id"],"message":"bad"}])");
  EXPECT_EQ(error.http_status(), 400);
  EXPECT_EQ(error.JsonBody(),
            R"({"message":"Validation failed","errors":[{"code":"custom","path":["id"],"message":"bad"}]})");
}

}  // namespace
}  // namespace immich
