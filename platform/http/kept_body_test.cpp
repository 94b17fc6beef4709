#include "platform/http/kept_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "platform/async/event_loop.hpp"
#include "platform/http/http_conditions.hpp"

namespace immich::http {
namespace {

/// What a body writer was given.
class Collector : public BodyWriter {
 public:
  Task<void> Write(std::string_view bytes) override {
    text.append(bytes);
    co_return;
  }
  std::string text;
};

Request Get(std::string accept_encoding = "") {
  Request request;
  request.path = "/api/months";
  if (!accept_encoding.empty()) request.headers.Add("Accept-Encoding", std::move(accept_encoding));
  return request;
}

Response Respond(const Request& request, KeptBody::Pointer body) {
  Response response;
  RunToCompletion([&]() -> Task<void> { response = co_await KeptBody::Respond(request, 200, body); });
  return response;
}

std::string Sent(Response response) {
  Collector collector;
  RunToCompletion([&]() -> Task<void> { co_await std::get<StreamBody>(response.body)(collector); });
  return collector.text;
}

KeptBody::Pointer Numbers(int count) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += std::to_string(i) + ",";
  text.back() = ']';
  return std::make_shared<const KeptBody>(std::move(text));
}

TEST(KeptBodyTest, SmallOnesAreSentAsTheyAre) {
  const auto body = Numbers(3);
  const Response response = Respond(Get("br"), body);
  EXPECT_EQ(std::get<std::string>(response.body), "[0,1,2]");
  EXPECT_EQ(response.headers.Get("ETag"), StrongEtag("[0,1,2]"));
  EXPECT_FALSE(response.headers.Find("Content-Encoding"));
}

TEST(KeptBodyTest, LargeOnesSayTheirLengthAndTag) {
  const auto body = Numbers(100'000);  // hashed off the loop
  Response response = Respond(Get(), body);
  EXPECT_EQ(response.headers.Get("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.headers.Get("Content-Length"), std::to_string(body->text().size()));
  EXPECT_EQ(response.headers.Get("ETag"), StrongEtag(body->text()));
  EXPECT_EQ(Sent(std::move(response)), body->text());
}

TEST(KeptBodyTest, CodedFormsAreThoseOfCompress) {
  const auto body = Numbers(10'000);
  for (const ContentCoding coding : {ContentCoding::kBrotli, ContentCoding::kGzip, ContentCoding::kBrotli}) {
    Response response = Respond(Get(std::string(ToString(coding))), body);
    const std::string expected = Compress(coding, body->text());
    EXPECT_EQ(response.headers.Get("Content-Encoding"), ToString(coding));
    EXPECT_EQ(response.headers.Get("Content-Length"), std::to_string(expected.size()));
    EXPECT_EQ(response.headers.Get("ETag"), StrongEtag(body->text()));
    EXPECT_EQ(Sent(std::move(response)), expected);
  }
}

TEST(KeptBodyTest, WhatTheClientHasIsNotSentAgain) {
  const auto body = Numbers(1000);
  Request request = Get("gzip");
  request.headers.Add("If-None-Match", StrongEtag(body->text()));
  const Response response = Respond(request, body);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.headers.Get("ETag"), StrongEtag(body->text()));
  request.method = Method::kPost;
  EXPECT_EQ(Respond(request, body).status, 200);
}

TEST(KeptBodyTest, HeadIsNotCompressed) {
  const auto body = Numbers(1000);
  Request request = Get("gzip");
  request.method = Method::kHead;
  const Response response = Respond(request, body);
  EXPECT_FALSE(response.headers.Find("Content-Encoding"));
}

}  // namespace
}  // namespace immich::http
