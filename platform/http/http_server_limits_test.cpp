// Time limits, connection limits, stopping and starting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "platform/error/error.hpp"
#include "platform/http/http_test_server.hpp"

namespace immich::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

void AddRoutes(Router& router) {
  router.On(Method::kGet, "/api/me", [](Request&) -> Task<Response> { co_return Response::Json(200, "{}"); });
  router.On(Method::kGet, "/fail", [](Request&) -> Task<Response> {
    throw std::runtime_error("on purpose");
    co_return Response::Empty(200);
  });
}

TEST(HttpServerTimeoutTest, SlowHeadsAndIdleConnectionsEnd) {
  ServerOptions options;
  options.head_timeout = 150ms;
  options.idle_timeout = 100ms;
  TestServer server(AddRoutes, options);
  RawClient silent(server.port());
  EXPECT_TRUE(silent.IsAtEnd());
  RawClient slow(server.port());
  slow.Send("GET /api/me HTTP/1.1\r\n");
  EXPECT_EQ(slow.ReadResponse().status, 408);
  EXPECT_TRUE(slow.IsAtEnd());
  RawClient idle(server.port());
  EXPECT_EQ(idle.Request(GetText("/api/me")).status, 200);
  EXPECT_TRUE(idle.IsAtEnd());
  EXPECT_TRUE(server.Await([&] { return server.server().connections() == 0; }));
}

TEST(HttpServerTimeoutTest, ClientsThatDoNotReadAreDropped) {
  ServerOptions options;
  options.stall_timeout = 150ms;
  std::atomic<int> gone = 0;
  TestServer server(
      [&](Router& router) {
        router.On(Method::kGet, "/endless", [&](Request&) -> Task<Response> {
          co_return Response::Stream("application/octet-stream", [&](BodyWriter& writer) -> Task<void> {
            const std::string block(100'000, 'x');
            try {
              for (;;) co_await writer.Write(block);
            } catch (const ClientGone&) {
              ++gone;
              throw;
            }
          });
        });
      },
      options);
  RawClient client(server.port(), 4096);
  client.Send(GetText("/endless"));
  EXPECT_TRUE(server.Await([&] { return gone == 1 && server.server().connections() == 0; }));
  RawClient aborting(server.port());
  aborting.Send(GetText("/endless"));
  EXPECT_EQ(aborting.ReadBytes(1000).size(), 1000u);
  aborting.Reset();
  EXPECT_TRUE(server.Await([&] { return gone == 2 && server.server().connections() == 0; }));
}

TEST(HttpServerLimitTest, IdleConnectionsMakeRoomAndTheRestIsTurnedAway) {
  ServerOptions options;
  options.max_connections = 3;
  std::atomic<int> waiting = 0;
  std::atomic<bool> finish = false;
  TestServer server(
      [&](Router& router) {
        AddRoutes(router);
        router.On(Method::kGet, "/wait", [&](Request&) -> Task<Response> {
          ++waiting;
          while (!finish) co_await SleepFor(1ms);
          co_return Response::Empty(200);
        });
      },
      options);
  RawClient oldest(server.port());
  EXPECT_EQ(oldest.Request(GetText("/api/me")).status, 200);
  RawClient second(server.port()), third(server.port());
  second.Send(GetText("/wait"));
  third.Send(GetText("/wait"));
  ASSERT_TRUE(server.Await([&] { return waiting == 2; }));
  RawClient fourth(server.port());
  fourth.Send(GetText("/wait"));
  ASSERT_TRUE(server.Await([&] { return waiting == 3; }));
  EXPECT_TRUE(oldest.IsAtEnd());
  RawClient fifth(server.port());
  const RawResponse refused = fifth.ReadResponse();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, R"({"message":"Too many connections"})");
  finish = true;
  EXPECT_EQ(second.ReadResponse().status, 200);
  EXPECT_EQ(fourth.ReadResponse().status, 200);
}

TEST(HttpServerStopTest, RunningRequestsFinishAndIdleConnectionsClose) {
  std::atomic<int> waiting = 0;
  std::atomic<bool> finish = false;
  TestServer server([&](Router& router) {
    AddRoutes(router);
    router.On(Method::kGet, "/wait", [&](Request&) -> Task<Response> {
      ++waiting;
      while (!finish) co_await SleepFor(1ms);
      co_return Response::Text(200, "text/plain", "done");
    });
  });
  RawClient idle(server.port()), busy(server.port());
  EXPECT_EQ(idle.Request(GetText("/api/me")).status, 200);
  busy.Send(GetText("/wait") + GetText("/api/me"));
  ASSERT_TRUE(server.Await([&] { return waiting == 1; }));
  std::thread stopper([&] { server.Run([&]() -> Task<void> { co_await server.server().Stop(10s); }); });
  EXPECT_TRUE(idle.IsAtEnd());
  finish = true;
  const RawResponse response = busy.ReadResponse();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response["connection"], "close");
  stopper.join();
  EXPECT_THROW(RawClient(server.port()), std::runtime_error);
}

TEST(HttpServerStopTest, StopBreaksOffWhatDoesNotFinishInTime) {
  std::atomic<int> waiting = 0;
  TestServer server([&](Router& router) {
    router.On(Method::kPost, "/read", [&](Request& request) -> Task<Response> {
      ++waiting;
      const std::string body = co_await request.body->ReadAll(100);
      co_return Response::Empty(200);
    });
  });
  RawClient client(server.port());
  client.Send("POST /read HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  ASSERT_TRUE(server.Await([&] { return waiting == 1; }));
  server.Run([&]() -> Task<void> { co_await server.server().Stop(50ms); });
  EXPECT_EQ(server.server().connections(), 0u);
  EXPECT_TRUE(client.IsAtEnd());
}

TEST(HttpServerStartTest, ATakenPortIsReportedWithItsNumber) {
  TestServer server(AddRoutes);
  boost::asio::io_context io;
  Router router;
  ServerOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  Server second(io.get_executor(), options, router);
  try {
    second.Start();
    FAIL() << "two servers on one port";
  } catch (const InternalError& error) {
    EXPECT_THAT(error.detail(), HasSubstr("127.0.0.1:" + std::to_string(server.port())));
  }
}

TEST(HttpServerObserverTest, SeesStatusAndRequest) {
  std::vector<std::string> seen;
  TestServer server(AddRoutes, {}, [&](Server& inner, const auto&) {
    inner.OnResponse([&](const Request& request, int status, std::chrono::microseconds duration) {
      EXPECT_GE(duration.count(), 0);
      seen.push_back(request.path + " " + std::to_string(status));
    });
  });
  RawClient client(server.port());
  client.Request(GetText("/api/me"));
  client.Request(GetText("/api/me", "If-None-Match: *\r\n"));
  client.Request(GetText("/fail"));
  EXPECT_TRUE(server.Await([&] { return seen.size() == 3; }));
  EXPECT_THAT(seen, ::testing::ElementsAre("/api/me 200", "/api/me 304", "/fail 500"));
}

}  // namespace
}  // namespace immich::http
