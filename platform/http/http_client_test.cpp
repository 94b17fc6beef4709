#include "platform/http/http_client.hpp"

#include <gtest/gtest.h>

#include "platform/async/event_loop.hpp"
#include "platform/http/http_test_server.hpp"

namespace immich::http {
namespace {

std::string UrlOf(const TestServer& server, std::string_view path) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + std::string(path);
}

/// What Fetch says, or the message of what it throws.
std::string Outcome(ClientRequest request) {
  std::string outcome;
  RunToCompletion([&]() -> Task<void> {
    try {
      const ClientResponse response = co_await Fetch(std::move(request));
      outcome = std::to_string(response.status) + " " + response.body;
    } catch (const Error& error) {
      outcome = error.what();
    }
  });
  return outcome;
}

std::string OutcomeOf(std::string url) {
  ClientRequest request;
  request.url = std::move(url);
  return Outcome(std::move(request));
}

TEST(HttpClientTest, SendsBodyAndHeadersAndReadsTheAnswer) {
  const TestServer server([](Router& router) {
    router.On(Method::kPost, "/echo", [](Request& request) -> Task<Response> {
      std::string text(request.headers.Get("x-test"));
      text += " " + request.target + " " + co_await request.body->ReadAll(1000);
      co_return Response::Text(201, "text/plain", std::move(text));
    });
  });
  ClientRequest request;
  request.method = Method::kPost;
  request.url = UrlOf(server, "/echo?a=b");
  request.headers.Add("X-Test", "seen");
  request.body = "body";
  EXPECT_EQ(Outcome(std::move(request)), "201 seen /echo?a=b body");
}

TEST(HttpClientTest, ErrorsOfTheServerAreAnswers) {
  const TestServer server([](Router& router) {
    router.Fallback([](Request&) -> Task<Response> { co_return Response::Text(503, "text/plain", "busy"); });
  });
  EXPECT_EQ(OutcomeOf(UrlOf(server, "/")), "503 busy");
}

TEST(HttpClientTest, SaysWhyThereIsNoAnswer) {
  EXPECT_EQ(OutcomeOf("http://127.0.0.1:1/"), "no answer from 127.0.0.1:1: Connection refused");
  EXPECT_EQ(OutcomeOf("ftp://127.0.0.1/"), "not an HTTP URL: ftp://127.0.0.1/");
  EXPECT_EQ(OutcomeOf("http://:80/"), "not an HTTP URL: http://:80/");
}

TEST(HttpClientTest, GivesUpOnSlowAndOnLongAnswers) {
  const TestServer server([](Router& router) {
    router.On(Method::kGet, "/slow", [](Request&) -> Task<Response> {
      co_await SleepFor(std::chrono::seconds(20));
      co_return Response::Empty(204);
    });
    router.On(Method::kGet, "/long",
              [](Request&) -> Task<Response> { co_return Response::Text(200, "text/plain", std::string(5000, 'x')); });
  });
  ClientRequest slow;
  slow.url = UrlOf(server, "/slow");
  slow.timeout = std::chrono::milliseconds(50);
  EXPECT_NE(Outcome(std::move(slow)).find("no answer from"), std::string::npos);
  ClientRequest too_long;
  too_long.url = UrlOf(server, "/long");
  too_long.response_limit_bytes = 1000;
  EXPECT_NE(Outcome(std::move(too_long)).find("body limit exceeded"), std::string::npos);
}

}  // namespace
}  // namespace immich::http
