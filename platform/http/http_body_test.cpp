#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "platform/error/error.hpp"
#include "platform/http/http_test_server.hpp"

namespace immich::http {
namespace {

using namespace std::chrono_literals;
using ::testing::StartsWith;

/// Order-dependent checksum of what arrived.
std::uint64_t Mix(std::uint64_t hash, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211u;
  return hash;
}

std::uint64_t HashOf(std::string_view text) {
  return Mix(1, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

class HttpBodyTest : public ::testing::Test {
 protected:
  HttpBodyTest()
      : server_([this](Router& router) {
          router.On(Method::kPost, "/hash", [this](Request& request) -> Task<Response> { return Hash(request); });
          router.On(Method::kPost, "/small", [](Request& request) -> Task<Response> {
            std::string body = co_await request.body->ReadAll(10);
            co_return Response::Text(200, "text/plain", std::move(body));
          });
          router.On(Method::kPost, "/ignore", [](Request&) -> Task<Response> { co_return Response::Json(200, "{}"); });
        }) {}

  Task<Response> Hash(Request& request) {
    std::uint64_t hash = 1;
    std::size_t length = 0;
    std::string error;
    try {
      for (;;) {
        const auto bytes = co_await request.body->Read();
        if (bytes.empty()) break;
        hash = Mix(hash, bytes);
        length += bytes.size();
      }
      EXPECT_TRUE((co_await request.body->Read()).empty());
    } catch (const BadRequest& bad) {
      error = bad.what();
    }
    if (!error.empty()) {
      ++aborted_;
      throw BadRequest(error);
    }
    co_return Response::Text(200, "text/plain", std::to_string(length) + " " + std::to_string(hash));
  }

  std::atomic<int> aborted_ = 0;
  TestServer server_;
};

std::string Post(std::string_view path, std::string_view headers, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string Sized(std::string_view path, std::string_view body, std::string_view headers = "") {
  return Post(path, "Content-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers), body);
}

std::string Chunked(std::string_view body, std::size_t chunk_bytes) {
  std::string out;
  char size[32];
  for (std::size_t i = 0; i < body.size(); i += chunk_bytes) {
    const std::string_view chunk = body.substr(i, chunk_bytes);
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    out.append(size).append(chunk).append("\r\n");
  }
  return out + "0\r\n\r\n";
}

std::string Pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 + (i >> 9));
  return text;
}

std::string Expected(std::string_view body) {
  return std::to_string(body.size()) + " " + std::to_string(HashOf(body));
}

TEST_F(HttpBodyTest, SizedAndChunkedBodiesOfManySizesOnOneConnection) {
  RawClient client(server_.port());
  for (const std::size_t size : {0u, 1u, 1000u, 65536u, 300'000u, 2'000'000u}) {
    const std::string body = Pattern(size);
    EXPECT_EQ(client.Request(Sized("/hash", body)).body, Expected(body));
    for (const std::size_t chunk : {777u, 70'000u}) {
      EXPECT_EQ(client.Request(Post("/hash", "Transfer-Encoding: chunked\r\n", Chunked(body, chunk))).body,
                Expected(body));
    }
  }
}

TEST_F(HttpBodyTest, PipelinedBodies) {
  RawClient client(server_.port());
  const std::string body = Pattern(5000);
  std::string requests;
  for (int i = 0; i < 40; ++i) {
    requests += Sized("/hash", body) + Post("/hash", "Transfer-Encoding: chunked\r\n", Chunked(body, 1000));
  }
  std::thread sender([&] { client.Send(requests); });
  for (int i = 0; i < 80; ++i) ASSERT_EQ(client.ReadResponse().body, Expected(body)) << i;
  sender.join();
}

TEST_F(HttpBodyTest, BodiesMayArriveByteByByte) {
  RawClient client(server_.port());
  const std::string request =
      Post("/hash", "Transfer-Encoding: chunked\r\n", Chunked("hello world", 4)) + Sized("/small", "abc");
  for (const char c : request) ASSERT_TRUE(client.Send({&c, 1}));
  EXPECT_EQ(client.ReadResponse().body, Expected("hello world"));
  EXPECT_EQ(client.ReadResponse().body, "abc");
}

TEST_F(HttpBodyTest, ExpectContinueIsAnsweredWhenTheBodyIsWanted) {
  RawClient client(server_.port());
  client.Send(Post("/hash", "Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
  EXPECT_EQ(client.ReadHead(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_EQ(client.ReadResponse().body, Expected("hello"));
  // The body came along: no interim response.
  EXPECT_EQ(client.Request(Sized("/hash", "hello", "Expect: 100-continue\r\n")).status, 200);
}

TEST_F(HttpBodyTest, ExpectContinueIsNotAnsweredWhenTheBodyIsNotWanted) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(Post("/ignore", "Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response["connection"], "close");
  client.FinishSending();
  EXPECT_TRUE(client.IsAtEnd());
  RawClient other(server_.port());
  EXPECT_EQ(other.Request(Post("/ignore", "Expect: miracles\r\n", "")).status, 417);
}

TEST_F(HttpBodyTest, SmallUnreadBodiesKeepTheConnection) {
  RawClient client(server_.port());
  const RawResponse ignored = client.Request(Sized("/ignore", Pattern(50'000)));
  EXPECT_EQ(ignored["connection"], "keep-alive");
  EXPECT_EQ(client.Request(Sized("/hash", "x")).body, Expected("x"));
}

TEST_F(HttpBodyTest, ClientsThatSendEverythingFirstStillGetTheEarlyAnswer) {
  RawClient client(server_.port());
  const std::string body = Pattern(20'000'000);
  ASSERT_TRUE(client.Send(Sized("/ignore", body)));
  const RawResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response["connection"], "close");
  EXPECT_EQ(response.body, "{}");
  EXPECT_TRUE(client.IsAtEnd());
}

TEST_F(HttpBodyTest, LimitsGive413) {
  RawClient client(server_.port());
  const RawResponse announced = client.Request(Sized("/small", "01234567890"));
  EXPECT_EQ(announced.status, 413);
  EXPECT_EQ(announced.body, R"({"message":"request entity too large"})");
  RawClient chunked(server_.port());
  EXPECT_EQ(chunked.Request(Post("/small", "Transfer-Encoding: chunked\r\n", Chunked("01234567890", 3))).status, 413);
}

TEST_F(HttpBodyTest, AbortedUploadsReachTheHandler) {
  const std::string partial = "Content-Length: 1000000\r\n";
  RawClient closing(server_.port());
  closing.Send(Post("/hash", partial, "some bytes"));
  closing.Close();
  EXPECT_TRUE(server_.Await([&] { return aborted_ == 1; }));
  RawClient resetting(server_.port());
  resetting.Send(Post("/hash", partial, "some bytes"));
  resetting.Reset();
  EXPECT_TRUE(server_.Await([&] { return aborted_ == 2; }));
  RawClient half(server_.port());
  half.Send(Post("/hash", "Transfer-Encoding: chunked\r\n", "5\r\nhel"));
  half.FinishSending();
  const RawResponse response = half.ReadResponse();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"message":"Request aborted"})");
  EXPECT_TRUE(server_.Await([&] { return server_.server().connections() == 0; }));
}

TEST_F(HttpBodyTest, MalformedChunksAreRefusedAndClosed) {
  RawClient client(server_.port());
  const RawResponse response = client.Request(
      Post("/hash", "Transfer-Encoding: chunked\r\n", "5\r\nhelloX\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response["connection"], "close");
  client.FinishSending();
  EXPECT_TRUE(client.IsAtEnd());
}

TEST(HttpBodyTimeoutTest, StalledUploadsEnd) {
  ServerOptions options;
  options.stall_timeout = 150ms;
  TestServer server(
      [](Router& router) {
        router.On(Method::kPost, "/read", [](Request& request) -> Task<Response> {
          std::string body = co_await request.body->ReadAll(1000);
          co_return Response::Text(200, "text/plain", std::move(body));
        });
      },
      options);
  RawClient client(server.port());
  const RawResponse response = client.Request(Post("/read", "Content-Length: 5\r\n", "abc"));
  EXPECT_EQ(response.status, 400);
  client.FinishSending();
  EXPECT_TRUE(client.IsAtEnd());
}

TEST(HttpFairnessTest, ThousandsOfSlowConnectionsDoNotBlockOthers) {
  constexpr int kSlow = 2000;
  TestServer server([](Router& router) {
    router.On(Method::kGet, "/ping", [](Request&) -> Task<Response> { co_return Response::Json(200, "{}"); });
  });
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < kSlow; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->Send("GET /ping HTTP/1.1\r\nHost: h");
  }
  EXPECT_TRUE(server.Await([&] { return server.server().connections() == kSlow; }));
  RawClient client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.Request(GetText("/ping")).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  for (const auto& connection : slow) connection->Send("\r\n\r\n");
  for (const auto& connection : slow) ASSERT_EQ(connection->ReadResponse().status, 200);
}

}  // namespace
}  // namespace immich::http
